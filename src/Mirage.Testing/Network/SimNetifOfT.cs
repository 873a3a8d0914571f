using static Mirage.Impl;

namespace Mirage.Testing;

/// <summary>One of several links of a simulated machine, which a closed type names.</summary>
/// <typeparam name="TTag">The tag that tells it from others: its name is that of the port.</typeparam>
public readonly struct SimNetif<TTag> : INetwork<SimNetif<TTag>> where TTag : IGroup
{
    private readonly SimNetif _link;

    private SimNetif(SimNetif link) => _link = link;

    /// <inheritdoc/>
    public static Impl<SimNetif<TTag>> Impl =>
        BootHost.Map(static host => ValueTask.FromResult(SimNetif.Find(host, TTag.Name))).Connect()
            .Map(static driver => new SimNetif<TTag>(new SimNetif(driver)));

    /// <inheritdoc/>
    public static string Group => TTag.Name;

    /// <inheritdoc/>
    public static NetworkInfo Info(SimNetif<TTag> network) => SimNetif.Info(network._link);

    /// <inheritdoc/>
    public static WriteStatus Write(SimNetif<TTag> network, ref TransmitFrame frame) =>
        SimNetif.Write(network._link, ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(SimNetif<TTag> network, THandler handler)
        where THandler : struct, IFrameHandler => SimNetif.Listen(network._link, handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(SimNetif<TTag> network) => SimNetif.Counters(network._link);

    /// <inheritdoc/>
    public static ValueTask Disconnect(SimNetif<TTag> device) => SimNetif.Disconnect(device._link);
}
