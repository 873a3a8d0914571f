using System.Net;
using System.Net.Sockets;
using Mirage.Net;
using static Mirage.Unix.Tests.SocketPair;
using UdpSocket = Mirage.Net.UdpSocket<Mirage.Unix.SocketStack>;

namespace Mirage.Unix.Tests;

/// <summary>The kernel's sockets, held to what our own UDP does with several ports of a number and with
/// errors.</summary>
public sealed class SocketUdpDemuxTests
{
    private readonly byte[] _buffer = new byte[2000];

    [Fact]
    [Trait("Behaviour", "77")]
    public void SocketsOfANumber_MostSpecificGetsTheDatagram() => Run(IpAddress.AnyV4, async (host, stack) =>
    {
        using var sender = Right(UdpSocket.Open(host, stack));
        using var wildcard = Right(UdpSocket.Open(host, stack, FreePort()));
        var to = wildcard.Reachable;
        sender.Send(to, new("wildcard"u8.ToArray()));
        var source = Right(await wildcard.ReceiveAsync(_buffer)).Source;
        using var bound = Open(host, stack, wildcard.Port, new() { LocalAddress = to.Address });
        using var connected = Open(host, stack, wildcard.Port, new() { LocalAddress = to.Address, Remote = source });
        using var stranger = Right(UdpSocket.Open(host, stack));
        sender.Send(to, new("connected"u8.ToArray()));
        stranger.Send(to, new("bound"u8.ToArray()));
        stranger.Send(to with { Address = IpAddress.Parse("127.0.0.2") }, new("wildcard"u8.ToArray()));
        Assert.Equal("connected", await Receive(connected));
        Assert.Equal("bound", await Receive(bound));
        Assert.Equal("wildcard", await Receive(wildcard));
        Assert.False(wildcard.TryReceive(_buffer, out _) || bound.TryReceive(_buffer, out _));
        Assert.Equal(source, connected.Remote);
    });

    [Fact]
    [Trait("Behaviour", "77")]
    public void SameBindingTwice_IsInUse_ForOtherProgramsToo() => Run(IpAddress.LoopbackV4, (host, stack) =>
    {
        using var wildcard = Right(UdpSocket.Open(host, stack, FreePort()));
        var options = new UdpSocketOptions { Bind = new() { Remote = new(IpAddress.LoopbackV4, 9) } };
        using var connected = Right(UdpSocket.Open(host, stack, wildcard.Port, options));
        var inUse = new UdpError.PortInUse(wildcard.Port);
        Assert.Equal(inUse, Left(UdpSocket.Open(host, stack, wildcard.Port)));
        Assert.Equal(inUse, Left(UdpSocket.Open(host, stack, wildcard.Port, options)));
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Assert.Equal(
            SocketError.AddressAlreadyInUse,
            Assert.Throws<SocketException>(() => other.Bind(new IPEndPoint(IPAddress.Loopback, wildcard.Port)))
                .SocketErrorCode);
        return ValueTask.CompletedTask;
    });

    [Fact]
    [Trait("Behaviour", "80")]
    public void ConnectedSocket_HearsOnceThatThereIsNoSuchPort() => Run(IpAddress.LoopbackV4, async (host, stack) =>
    {
        var remote = new Endpoint(IpAddress.LoopbackV4, FreePort());
        using var socket = Right(UdpSocket.Connect(host, stack, remote));
        Right(socket.Send(new(new byte[1])));
        var error = new UdpError.Unreachable(remote, IcmpUnreachable.Port);
        Assert.Equal(error, Left(await socket.ReceiveAsync(_buffer)));
        // The kernel has an error for the next datagram now, which is sent all the same.
        Right(socket.Send(new(new byte[1])));
        await LoopTurns.Settle(host);
        using var peer = Open(host, stack, remote.Port, default);
        Right(socket.Send(new("late"u8.ToArray())));
        Assert.Equal("late", await Receive(peer));
        Assert.Equal(error, Left(await socket.ReceiveAsync(_buffer)));
        Assert.False(socket.TryTakeError(out _));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Behaviour", "80")]
    public void UnconnectedSocket_HearsOnlyWhenItAsked(bool asks) => Run(IpAddress.LoopbackV4, async (host, stack) =>
    {
        var remote = new Endpoint(IpAddress.LoopbackV4, FreePort());
        using var socket = Open(host, stack, 0, new() { ReportsErrors = asks });
        Right(socket.Send(remote, new(new byte[1])));
        await LoopTurns.Settle(host);
        Assert.Equal(asks, socket.TryTakeError(out var error));
        Assert.Equal(asks ? new UdpError.Unreachable(remote, IcmpUnreachable.Port) : null, error);
    });

    [Fact]
    [Trait("Behaviour", "81")]
    public void SocketThatMustNotBeFragmented_LongerThanTheLink_IsRefused() => Run(
        IpAddress.LoopbackV4, (host, stack) =>
        {
            using var socket = Open(host, stack, 0, new() { DontFragment = true });
            using var other = Open(host, stack, 0, default);
            var payload = new byte[65_507];
            var to = new Endpoint(IpAddress.Parse("127.0.0.1"), 9);
            Right(other.Send(to, new(payload)));
            Right(socket.Send(to, new(payload))); // The loopback's MTU is 65,536.
            return ValueTask.CompletedTask;
        });

    [Fact]
    [Trait("Behaviour", "79")]
    public void QueueThatNobodyReads_IsBounded() => Run(IpAddress.LoopbackV4, async (host, stack) =>
    {
        using var socket = Right(UdpSocket.Open(host, stack, 0, new() { ReceiveDatagramsMax = 2 }));
        using var sender = Open(host, stack, 0, default);
        foreach (var text in (string[])["1", "2", "3"])
            Right(sender.Send(socket.Reachable, new(System.Text.Encoding.ASCII.GetBytes(text))));
        await LoopTurns.Settle(host);
        Assert.Equal((1, "1", "2"), (socket.Dropped, await Receive(socket), await Receive(socket)));
    });

    [Fact]
    public void AddressOrPeerThatCannotBe_SaysWhy() => Run(IpAddress.LoopbackV4, (host, stack) =>
    {
        var foreign = new UdpSocketOptions { Bind = new() { LocalAddress = IpAddress.Parse("192.0.2.1") } };
        Assert.Equal("192.0.2.1 is no address of this machine", $"{Left(UdpSocket.Open(host, stack, 9999, foreign))}");
        var far = IpAddress.Parse("192.0.2.1"); // From 127.0.0.1 there is no way.
        var options = new UdpSocketOptions { Bind = new() { Remote = new(far, 9) } };
        Assert.Equal(new UdpError.NoRoute(far), Left(UdpSocket.Open(host, stack, FreePort(), options)));
        return ValueTask.CompletedTask;
    });

    private static UdpSocket Open(UnixHost host, SocketStack stack, ushort port, BindOptions options) =>
        Right(UdpSocket.Open(host, stack, port, new() { Bind = options }));

    private async Task<string> Receive(UdpSocket socket)
    {
        var received = Right(await socket.ReceiveAsync(_buffer));
        return System.Text.Encoding.ASCII.GetString(_buffer, 0, received.Length);
    }

    private static void Run(IpAddress listen, Func<UnixHost, SocketStack, ValueTask> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var stack = SocketStack.On(host, listen);
            await test(host, stack);
            await SocketStack.Disconnect(stack);
            Assert.Equal(0, host.Driver.WatchCount);
        });
    }

    private static ushort FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
