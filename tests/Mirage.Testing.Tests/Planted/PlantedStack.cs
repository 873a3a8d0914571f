using System.Buffers;
using LanguageExt;
using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>A stack with a bug.</summary>
public readonly struct PlantedStack<TBug> : IStack<PlantedStack<TBug>> where TBug : IStackBug
{
    private readonly PlantedStackCore _core;

    private PlantedStack(PlantedStackCore core) => _core = core;

    public static Impl<PlantedStack<TBug>> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TcpIp<VirtualPort>>()).Apply(Over);

    public static PlantedStack<TBug> Over(Host host, TcpIp<VirtualPort> stack) => new(new(host, stack));

    public static IReadOnlyList<Cidr> Addresses(PlantedStack<TBug> stack) =>
        TcpIp<VirtualPort>.Addresses(stack._core.Stack);

    public static async ValueTask<Either<TcpError, IFlow>> Connect(
        PlantedStack<TBug> tcp, Endpoint remote, CancellationToken cancellation = default) =>
        (await TBug.Connect(tcp._core.Stack, remote, cancellation)).Map(TBug.Wrap);

    public static Either<TcpError, IListener> Listen(
        PlantedStack<TBug> tcp, ushort port, ListenOptions options = default) =>
        TcpIp<VirtualPort>.Listen(tcp._core.Stack, port, options);

    public static Either<UdpError, UdpPort> Bind<THandler>(
        PlantedStack<TBug> udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler => TcpIp<VirtualPort>.Bind(udp._core.Stack, port, handler, options);

    public static Either<UdpError, Unit> Write(
        PlantedStack<TBug> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        TBug.Write(udp._core, source, destination, payload);

    public static ValueTask Disconnect(PlantedStack<TBug> device) =>
        TcpIp<VirtualPort>.Disconnect(device._core.Stack);
}
