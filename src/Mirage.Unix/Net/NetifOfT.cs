using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>One network interface of several, told apart by a tag: its keys are <c>--NAME-interface</c> and
/// <c>--NAME-mac</c>.</summary>
/// <typeparam name="TGroup">The tag.</typeparam>
public readonly struct Netif<TGroup> : INetwork<Netif<TGroup>> where TGroup : IGroup
{
    private readonly Link _link;

    private Netif(Link link) => _link = link;

    /// <inheritdoc/>
    public static Impl<Netif<TGroup>> Impl => LinkKeys.Link.Map(static link => new Netif<TGroup>(link));

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <inheritdoc/>
    public static NetworkInfo Info(Netif<TGroup> network) => network._link.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Netif<TGroup> network, ref TransmitFrame frame) => network._link.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Netif<TGroup> network, THandler handler)
        where THandler : struct, IFrameHandler => network._link.Listen(FrameSink.Of(handler));

    /// <inheritdoc/>
    public static NetworkCounters Counters(Netif<TGroup> network) => network._link.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Netif<TGroup> network, IpProtocol protocol, ushort port) => network._link.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Netif<TGroup> network, IpProtocol protocol, ushort port) =>
        network._link.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Netif<TGroup> device) => device._link.Close();
}
