using System.Net;
using System.Net.Sockets;
using Mirage.Net;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class UserUdpTests
{
    [Fact]
    public void DatagramsOfTwoClients_AreAnsweredToEach() => UserWorld.Run(static async world =>
    {
        using var port = Bind(world, UserWorld.FreePort());
        Assert.Equal(IpAddress.LoopbackV4, port.Reachable.Address);
        using var first = Client();
        using var second = Client();
        await first.SendToAsync("one"u8.ToArray(), port.Reachable.ToIPEndPoint());
        await second.SendToAsync("two"u8.ToArray(), port.Reachable.ToIPEndPoint());
        Assert.Equal("one"u8.ToArray(), await Receive(first));
        Assert.Equal("two"u8.ToArray(), await Receive(second));
    });

    [Fact]
    public void PortTakenOutside_Bind_SaysSo() => UserWorld.Run(static world =>
    {
        using var taken = Client();
        var end = Endpoint.From((IPEndPoint)taken.LocalEndPoint!);
        var error = Left(TcpIp<Netif>.Bind(world.Guest, end.Port, default(Echo)));
        Assert.Equal(new UdpError.Link(new NetworkError.PortInUse(end)), error);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void MoreClientsThanTheTableHolds_TheOldestIsForgotten() => UserWorld.Run(static async world =>
    {
        var network = Right(UserNetwork.Around(Cidr.Parse("10.0.0.2/24")));
        var (near, far) = VirtualPair.Create(world.Host, VirtualLinkOptions.Offloaded);
        var stack = TcpIp<VirtualPort>.Create(world.Host, far, network.Gateway);
        var forward = new UdpForward(world.Host.Loop, stack, new Endpoint(network.Guest, 7));
        var sink = forward.Sink;
        for (ushort port = 1; port <= UdpForward.ClientsMax + 1; port++)
        {
            sink.Input(new Endpoint(IpAddress.LoopbackV4, port), default, "x"u8);
            Assert.Equal(Math.Min((int)port, UdpForward.ClientsMax), forward.ClientCount);
        }

        forward.Close();
        Assert.Equal(0, forward.ClientCount);
        await TcpIp<VirtualPort>.Disconnect(stack);
        await VirtualPort.Disconnect(far);
        await VirtualPort.Disconnect(near);
    });

    private static UdpPort Bind(UserWorld world, ushort number)
    {
        var port = new StrongBox();
        port.Value = Right(TcpIp<Netif>.Bind(world.Guest, number, new Echo(world.Guest, port)));
        return port.Value;
    }

    private static Socket Client()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task<byte[]> Receive(Socket socket)
    {
        var buffer = new byte[100];
        return buffer[..await socket.ReceiveAsync(buffer)];
    }

    private sealed class StrongBox
    {
        public UdpPort? Value { get; set; }
    }

    private readonly struct Echo(TcpIp<Netif> stack, StrongBox port) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            Right(TcpIp<Netif>.Write(stack, port.Value!, source, new(payload.ToArray())));

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
