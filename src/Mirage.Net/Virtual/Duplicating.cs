using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>A link that carries some frames twice.</summary>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Duplicating<TNetwork> : INetwork<Duplicating<TNetwork>>
    where TNetwork : struct, INetwork<TNetwork>
{
    private static readonly Key<int> s_duplication =
        Key.Optional("duplication", 0, "Frames of 1,000 that the link carries twice.");

    private readonly Core _core;

    private Duplicating(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Duplicating<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_duplication).Apply(
            static (host, network, permille) => Over(host, network, permille));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>; <paramref name="permille"/> of 1,000 frames are carried twice.
    /// </summary>
    public static Duplicating<TNetwork> Over(
        Host host, TNetwork network, int permille, LinkDirections directions = LinkDirections.Both) =>
        new(new Core(network, new LinkChance(host, permille, directions)));

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(Duplicating<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(Duplicating<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Duplicating<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Duplicating<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(Duplicating<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Duplicating<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Duplicating<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Duplicating<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(TNetwork network, LinkChance chance) : LinkFilter<TNetwork>(network)
    {
        private readonly FramePool _pool = new();

        protected override WriteStatus Send(ref TransmitFrame frame)
        {
            if (!chance.Strikes(LinkDirections.Sent))
                return TNetwork.Write(Network, ref frame);
            Count(LinkDirections.Sent);
            // The link below may leave a header of its own in front of a frame it was given.
            var copy = _pool.Rent(frame);
            var status = copy.Send(Network);
            copy.Send(Network);
            _pool.Return(copy);
            return status;
        }

        protected override void Receive(in ReceivedFrame frame)
        {
            Deliver(frame);
            if (!chance.Strikes(LinkDirections.Received))
                return;
            Count(LinkDirections.Received);
            Deliver(frame);
        }
    }
}
