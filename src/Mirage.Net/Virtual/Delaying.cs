using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>A link that takes time: every frame arrives later, and in the order in which it was sent.</summary>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Delaying<TNetwork> : INetwork<Delaying<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private static readonly Key<TimeSpan> s_delay =
        Key.Optional("delay", TimeSpan.Zero, "How long a frame is under way.");
    private static readonly Key<TimeSpan> s_jitter =
        Key.Optional("jitter", TimeSpan.Zero, "How much longer than the delay a frame is under way at most.");

    private readonly Core _core;

    private Delaying(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Delaying<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_delay, s_jitter).Apply(
            static (host, network, delay, jitter) => Over(host, network, delay, jitter));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>: a frame takes <paramref name="delay"/> and a random time up to
    /// <paramref name="jitter"/>, but no frame overtakes another.
    /// </summary>
    public static Delaying<TNetwork> Over(
        Host host, TNetwork network, TimeSpan delay, TimeSpan jitter = default,
        LinkDirections directions = LinkDirections.Both) =>
        new(new Core(host, network, (long)delay.TotalNanoseconds, (long)jitter.TotalNanoseconds, directions));

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(Delaying<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(Delaying<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Delaying<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Delaying<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(Delaying<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Delaying<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Delaying<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Delaying<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(Host host, TNetwork network, long delayNs, long jitterNs, LinkDirections directions)
        : HoldingFilter<TNetwork>(host, network)
    {
        private readonly RandomSource _random = new(host);
        private long _lastSentNs;
        private long _lastReceivedNs;

        protected override WriteStatus Send(ref TransmitFrame frame) => Delays(LinkDirections.Sent)
            ? Hold(ref frame, DueNs(ref _lastSentNs))
            : TNetwork.Write(Network, ref frame);

        protected override void Receive(in ReceivedFrame frame)
        {
            if (Delays(LinkDirections.Received))
                Hold(frame, DueNs(ref _lastReceivedNs));
            else
                Deliver(frame);
        }

        private bool Delays(LinkDirections direction) => (directions & direction) != 0 && delayNs + jitterNs > 0;

        private long DueNs(ref long lastNs)
        {
            var jitter = jitterNs > 0 ? _random.BelowLong(jitterNs + 1) : 0;
            return lastNs = Math.Max(lastNs, NowNs + delayNs + jitter);
        }
    }
}
