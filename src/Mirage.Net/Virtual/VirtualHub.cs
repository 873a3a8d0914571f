namespace Mirage.Net;

/// <summary>
/// An Ethernet hub in memory: every frame goes to every other port, in the iteration of the loop after it was sent.
/// </summary>
public readonly struct VirtualHub : IDevice<VirtualHub>
{
    private readonly VirtualSegment _segment;

    private VirtualHub(VirtualSegment segment) => _segment = segment;

    /// <inheritdoc/>
    public static Impl<VirtualHub> Impl => Mirage.Impl.BootHost.Map(static host => Create(host));

    /// <summary>A hub without ports.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static VirtualHub Create(Host host, VirtualLinkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new VirtualSegment(host, options ?? new()));
    }

    /// <summary>
    /// A new port of <paramref name="hub"/>, whose address is random unless <paramref name="mac"/> is given.
    /// </summary>
    public static VirtualPort Attach(VirtualHub hub, MacAddress? mac = null) => hub._segment.Attach(mac);

    /// <summary>Frames that wait at the ports.</summary>
    internal static int Waiting(VirtualHub hub) => hub._segment.Pool.Rented;
}
