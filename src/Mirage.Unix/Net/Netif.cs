using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The network interface of a Linux process: MirageOS's <c>netif</c>.</summary>
/// <remarks>
/// Keys: <c>--interface</c> names the link and <c>--mac</c> the address that this end sends from. A TAP is opened with
/// virtio_net_hdr where the kernel has it, so that checksums and the cutting of long TCP frames are left to whoever
/// needs them.
/// </remarks>
public readonly struct Netif : INetwork<Netif>
{
    private readonly Link _link;

    private Netif(Link link) => _link = link;

    /// <inheritdoc/>
    public static Impl<Netif> Impl => LinkKeys.Link.Map(static link => new Netif(link));

    /// <summary>An interface outside a boot.</summary>
    internal static Netif Over(Link link) => new(link);

    /// <inheritdoc/>
    public static NetworkInfo Info(Netif network) => network._link.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Netif network, ref TransmitFrame frame) => network._link.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Netif network, THandler handler) where THandler : struct, IFrameHandler =>
        network._link.Listen(FrameSink.Of(handler));

    /// <inheritdoc/>
    public static NetworkCounters Counters(Netif network) => network._link.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(Netif network, IpProtocol protocol, ushort port) =>
        network._link.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Netif network, IpProtocol protocol, ushort port) =>
        network._link.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Netif device) => device._link.Close();
}
