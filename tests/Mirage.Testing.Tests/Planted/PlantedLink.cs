using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>A link in memory with a bug.</summary>
public readonly struct PlantedLink<TBug> : INetwork<PlantedLink<TBug>> where TBug : ILinkBug
{
    private readonly PlantedLinkCore _core;

    private PlantedLink(PlantedLinkCore core) => _core = core;

    public static Impl<PlantedLink<TBug>> Impl => (Mirage.Impl.BootHost, Mirage.Impl.Of<VirtualPort>()).Apply(Over);

    public static PlantedLink<TBug> Over(Host host, VirtualPort port) => new(new PlantedLinkCore(host, port));

    public static NetworkInfo Info(PlantedLink<TBug> network) => VirtualPort.Info(network._core.Port);

    public static WriteStatus Write(PlantedLink<TBug> network, ref TransmitFrame frame) =>
        TBug.Write(network._core, ref frame);

    public static void Listen<THandler>(PlantedLink<TBug> network, THandler handler)
        where THandler : struct, IFrameHandler
    {
        network._core.Listener = bytes => handler.Input(new ReceivedFrame(bytes));
        VirtualPort.Listen(network._core.Port, handler);
    }

    public static NetworkCounters Counters(PlantedLink<TBug> network) => TBug.Counters(network._core);

    public static ValueTask Disconnect(PlantedLink<TBug> device) => TBug.Disconnect(device._core);
}
