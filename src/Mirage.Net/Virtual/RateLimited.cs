using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>
/// A link of a given speed in front of which a bounded queue builds up: what does not fit is dropped.
/// </summary>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct RateLimited<TNetwork> : INetwork<RateLimited<TNetwork>>
    where TNetwork : struct, INetwork<TNetwork>
{
    /// <summary>Bytes that wait for the link unless said otherwise.</summary>
    public const int DefaultQueueBytes = 256 * 1024;

    private static readonly Key<long> s_rate =
        Key.Optional("rate", 0L, "Bits a second that the link carries; 0 for no limit.");
    private static readonly Key<int> s_queue =
        Key.Optional("rate-queue", DefaultQueueBytes, "Bytes that wait in front of the link.");

    private readonly Core _core;

    private RateLimited(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<RateLimited<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_rate, s_queue).Apply(
            static (host, network, rate, queue) => Over(host, network, rate, queue));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>: each direction carries <paramref name="bitsPerSecond"/>, without
    /// limit when it is 0, and <paramref name="queueBytes"/> wait for it.
    /// </summary>
    public static RateLimited<TNetwork> Over(
        Host host, TNetwork network, long bitsPerSecond, int queueBytes = DefaultQueueBytes,
        LinkDirections directions = LinkDirections.Both)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bitsPerSecond);
        return new(new Core(host, network, bitsPerSecond, queueBytes, directions));
    }

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(RateLimited<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(RateLimited<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(RateLimited<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(RateLimited<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(RateLimited<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        RateLimited<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(RateLimited<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(RateLimited<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(
        Host host, TNetwork network, long bitsPerSecond, int queueBytes, LinkDirections directions)
        : HoldingFilter<TNetwork>(host, network)
    {
        private long _sentFreeNs; // When the last frame that was taken has gone.
        private long _receivedFreeNs;

        protected override WriteStatus Send(ref TransmitFrame frame)
        {
            if (!Limits(LinkDirections.Sent))
                return TNetwork.Write(Network, ref frame);
            return TryTake(ref _sentFreeNs, frame.Length) ? Hold(ref frame, _sentFreeNs) : WriteStatus.Full;
        }

        protected override void Receive(in ReceivedFrame frame)
        {
            if (!Limits(LinkDirections.Received))
                Deliver(frame);
            else if (TryTake(ref _receivedFreeNs, frame.Bytes.Length))
                Hold(frame, _receivedFreeNs);
        }

        private bool Limits(LinkDirections direction) => (directions & direction) != 0 && bitsPerSecond > 0;

        private bool TryTake(ref long freeNs, int length)
        {
            if (freeNs - NowNs > TimeNs(queueBytes))
            {
                CountOverflow();
                return false;
            }

            freeNs = Math.Max(freeNs, NowNs) + TimeNs(length);
            return true;
        }

        private long TimeNs(int bytes) => (long)((Int128)bytes * 8 * 1_000_000_000 / bitsPerSecond);
    }
}
