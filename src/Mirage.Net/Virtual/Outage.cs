using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>A link that goes down: while it is, frames are lost in both directions and nobody is told.</summary>
/// <remarks>It goes down when <see cref="Set"/> says so, and by itself for the last part of every period.</remarks>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Outage<TNetwork> : INetwork<Outage<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private static readonly Key<TimeSpan> s_every =
        Key.Optional("outage-every", TimeSpan.FromMinutes(1), "How often the link goes down.");
    private static readonly Key<TimeSpan> s_for =
        Key.Optional("outage-for", TimeSpan.Zero, "How long the link stays down.");

    private readonly Core _core;

    private Outage(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Outage<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_every, s_for).Apply(
            static (host, network, every, length) => Over(host, network, every, length));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>, up; the last <paramref name="length"/> of
    /// <paramref name="every"/> period
    /// it is down. Without a length it goes down by <see cref="Set"/> only.
    /// </summary>
    public static Outage<TNetwork> Over(
        Host host, TNetwork network, TimeSpan every = default, TimeSpan length = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new Core(host.Loop, network, (long)every.TotalNanoseconds, (long)length.TotalNanoseconds));
    }

    /// <summary>Takes the link down or, but for the periodic outages, up again.</summary>
    public static void Set(Outage<TNetwork> network, bool up) => network._core.IsUp = up;

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(Outage<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(Outage<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Outage<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Outage<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(Outage<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Outage<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Outage<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Outage<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(EventLoop loop, TNetwork network, long everyNs, long lengthNs)
        : LinkFilter<TNetwork>(network)
    {
        private readonly long _startNs = loop.NowNs;

        public bool IsUp { private get; set; } = true;

        private bool IsPassing => IsUp
            && (lengthNs <= 0 || everyNs <= 0 || (loop.NowNs - _startNs) % everyNs < everyNs - lengthNs);

        protected override WriteStatus Send(ref TransmitFrame frame)
        {
            if (IsPassing)
                return TNetwork.Write(Network, ref frame);
            Count(LinkDirections.Sent);
            return WriteStatus.Ok;
        }

        protected override void Receive(in ReceivedFrame frame)
        {
            if (IsPassing)
                Deliver(frame);
            else
                Count(LinkDirections.Received);
        }
    }
}
