namespace Mirage.Net;

/// <summary>A hub in memory that a closed type names, for compositions with several.</summary>
/// <typeparam name="TSegment">The tag that tells it from others.</typeparam>
public readonly struct VirtualHub<TSegment> : IDevice<VirtualHub<TSegment>> where TSegment : IGroup
{
    private readonly VirtualHub _hub;

    private VirtualHub(VirtualHub hub) => _hub = hub;

    /// <inheritdoc/>
    public static Impl<VirtualHub<TSegment>> Impl =>
        Mirage.Impl.BootHost.Map(static host => new VirtualHub<TSegment>(VirtualHub.Create(host)));

    /// <inheritdoc/>
    public static string Group => TSegment.Name;

    /// <inheritdoc cref="VirtualHub.Attach"/>
    public static VirtualPort Attach(VirtualHub<TSegment> hub, MacAddress? mac = null) =>
        VirtualHub.Attach(hub._hub, mac);
}
