namespace Mirage.Net;

/// <summary>
/// One end of a link in memory: a port of a <see cref="VirtualHub"/> or an end of a <see cref="VirtualPair"/>.
/// </summary>
/// <remarks>As a device of a boot it is the one untagged port of <see cref="VirtualHub"/>; several ports of one boot
/// are told apart by <see cref="VirtualPort{TSegment, TPort}"/>.</remarks>
public readonly struct VirtualPort : INetwork<VirtualPort>
{
    private readonly VirtualStation _station;

    internal VirtualPort(VirtualStation station) => _station = station;

    /// <inheritdoc/>
    public static Impl<VirtualPort> Impl => Mirage.Impl.Of<VirtualHub>().Map(static hub => VirtualHub.Attach(hub));

    /// <inheritdoc/>
    public static NetworkInfo Info(VirtualPort network) => network._station.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(VirtualPort network, ref TransmitFrame frame) => network._station.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(VirtualPort network, THandler handler) where THandler : struct, IFrameHandler =>
        network._station.Listen(FrameSink.Of(handler));

    /// <inheritdoc/>
    public static NetworkCounters Counters(VirtualPort network) => network._station.Counters;

    /// <summary>
    /// Takes the port off its hub: what waits here is dropped, and writing gives
    /// <see cref="WriteStatus.Disconnected"/>.
    /// </summary>
    public static ValueTask Disconnect(VirtualPort device)
    {
        device._station.Disconnect();
        return ValueTask.CompletedTask;
    }
}
