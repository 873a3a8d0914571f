namespace Mirage.Net;

/// <summary>Two ends of a cable in memory.</summary>
public static class VirtualPair
{
    /// <summary>Makes the two ends of a new link on <paramref name="host"/>'s loop.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static (VirtualPort Left, VirtualPort Right) Create(Host host, VirtualLinkOptions? options = null)
    {
        var hub = VirtualHub.Create(host, options);
        return (VirtualHub.Attach(hub), VirtualHub.Attach(hub));
    }
}
