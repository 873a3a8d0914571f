using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>A link that loses frames. Its users are not told, as on a real one.</summary>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Lossy<TNetwork> : INetwork<Lossy<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private static readonly Key<int> s_loss = Key.Optional("loss", 0, "Frames of 1,000 that the link loses.");
    private readonly Core _core;

    private Lossy(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Lossy<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_loss).Apply(static (host, network, permille) => Over(host, network, permille));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>; <paramref name="permille"/> of 1,000 frames are lost.
    /// </summary>
    public static Lossy<TNetwork> Over(
        Host host, TNetwork network, int permille, LinkDirections directions = LinkDirections.Both) =>
        new(new Core(network, new LinkChance(host, permille, directions)));

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(Lossy<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(Lossy<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Lossy<TNetwork> network, ref TransmitFrame frame) => network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Lossy<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(Lossy<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Lossy<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Lossy<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Lossy<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(TNetwork network, LinkChance chance) : LinkFilter<TNetwork>(network)
    {
        protected override WriteStatus Send(ref TransmitFrame frame) =>
            Loses(LinkDirections.Sent) ? WriteStatus.Ok : TNetwork.Write(Network, ref frame);

        protected override void Receive(in ReceivedFrame frame)
        {
            if (!Loses(LinkDirections.Received))
                Deliver(frame);
        }

        private bool Loses(LinkDirections direction)
        {
            if (!chance.Strikes(direction))
                return false;
            Count(direction);
            return true;
        }
    }
}
