using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>A link on which some frames are overtaken by those sent after them.</summary>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Reordering<TNetwork> : INetwork<Reordering<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private static readonly TimeSpan s_defaultWindow = TimeSpan.FromMilliseconds(5);
    private static readonly Key<int> s_reordering =
        Key.Optional("reordering", 0, "Frames of 1,000 that the link lets others overtake.");
    private static readonly Key<TimeSpan> s_window =
        Key.Optional("reordering-window", s_defaultWindow, "The longest time that an overtaken frame is late.");

    private readonly Core _core;

    private Reordering(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Reordering<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_reordering, s_window).Apply(
            static (host, network, permille, window) => Over(host, network, permille, window));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>; <paramref name="permille"/> of 1,000 frames are late by a random
    /// time up to <paramref name="window"/>, 5 ms unless it is given.
    /// </summary>
    public static Reordering<TNetwork> Over(
        Host host, TNetwork network, int permille, TimeSpan? window = null,
        LinkDirections directions = LinkDirections.Both) =>
        new(new Core(host, network, new LinkChance(host, permille, directions), window ?? s_defaultWindow));

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(Reordering<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(Reordering<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Reordering<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Reordering<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(Reordering<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Reordering<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Reordering<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Reordering<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(Host host, TNetwork network, LinkChance chance, TimeSpan window)
        : HoldingFilter<TNetwork>(host, network)
    {
        protected override WriteStatus Send(ref TransmitFrame frame) => chance.Strikes(LinkDirections.Sent)
            ? Hold(ref frame, LateNs())
            : TNetwork.Write(Network, ref frame);

        protected override void Receive(in ReceivedFrame frame)
        {
            if (chance.Strikes(LinkDirections.Received))
                Hold(frame, LateNs());
            else
                Deliver(frame);
        }

        private long LateNs() => NowNs + chance.Random.BelowLong(Math.Max((long)window.TotalNanoseconds, 1)) + 1;
    }
}
