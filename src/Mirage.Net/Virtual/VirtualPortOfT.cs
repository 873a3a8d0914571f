namespace Mirage.Net;

/// <summary>A port of a link in memory that a closed type names: <c>VirtualPort&lt;Lan, Client&gt;</c> and
/// <c>VirtualPort&lt;Lan, Server&gt;</c> are two ports of the one <c>VirtualHub&lt;Lan&gt;</c>.</summary>
/// <typeparam name="TSegment">The tag of the hub.</typeparam>
/// <typeparam name="TPort">The tag of the port, which prefixes the keys of what stands on it.</typeparam>
public readonly struct VirtualPort<TSegment, TPort> : INetwork<VirtualPort<TSegment, TPort>>
    where TSegment : IGroup
    where TPort : IGroup
{
    private readonly VirtualPort _port;

    private VirtualPort(VirtualPort port) => _port = port;

    /// <inheritdoc/>
    public static Impl<VirtualPort<TSegment, TPort>> Impl => Mirage.Impl.Of<VirtualHub<TSegment>>()
        .Map(static hub => new VirtualPort<TSegment, TPort>(VirtualHub<TSegment>.Attach(hub)));

    /// <inheritdoc/>
    public static string Group => TPort.Name;

    /// <inheritdoc/>
    public static NetworkInfo Info(VirtualPort<TSegment, TPort> network) => VirtualPort.Info(network._port);

    /// <inheritdoc/>
    public static WriteStatus Write(VirtualPort<TSegment, TPort> network, ref TransmitFrame frame) =>
        VirtualPort.Write(network._port, ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(VirtualPort<TSegment, TPort> network, THandler handler)
        where THandler : struct, IFrameHandler => VirtualPort.Listen(network._port, handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(VirtualPort<TSegment, TPort> network) => VirtualPort.Counters(network._port);

    /// <inheritdoc cref="VirtualPort.Disconnect"/>
    public static ValueTask Disconnect(VirtualPort<TSegment, TPort> device) => VirtualPort.Disconnect(device._port);
}
