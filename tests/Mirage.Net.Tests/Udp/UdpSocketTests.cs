namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;
using Socket = UdpSocket<Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>>;

public sealed class UdpSocketTests
{
    private static readonly Endpoint s_own = new(Station.Own, 7);
    private static readonly Endpoint s_peer = new(Station.Peer, 4000);
    private readonly byte[] _buffer = new byte[100];

    [Fact]
    [Trait("Behaviour", "82")]
    public void DatagramsBeforeAndWhileSomebodyWaits_AreReceivedInOrder() => Run(async (station, socket) =>
    {
        Deliver(station, [1, 2]);
        Deliver(station, []);
        Assert.Equal("10.0.0.1:4000 0102", await Receive(socket));
        Assert.Equal("10.0.0.1:4000 ", await Receive(socket)); // Nothing is something.
        var waiting = Receive(socket);
        Assert.False(waiting.IsCompleted);
        Deliver(station, [3]);
        Deliver(station, [4]);
        Assert.Equal("10.0.0.1:4000 03", await waiting);
        Assert.True(socket.TryReceive(_buffer, out var received));
        Assert.Equal((new UdpReceived(s_peer, s_own, 1, false), 4), (received, _buffer[0]));
        Assert.False(socket.TryReceive(_buffer, out _));
    });

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(0, true)]
    [Trait("Behaviour", "78")]
    public void BufferShorterThanTheDatagram_TruncatesAndLosesTheRest(int size, bool isTruncated) =>
        Run(async (station, socket) =>
        {
            Deliver(station, [1, 2, 3]);
            Deliver(station, [4]);
            var received = (await socket.ReceiveAsync(_buffer.AsMemory(0, size))).Value();
            Assert.Equal((size, isTruncated), (received.Length, received.IsTruncated));
            Assert.Equal(new byte[] { 1, 2, 3 }.Take(size), _buffer.Take(size));
            Assert.Equal(0, _buffer[size]);
            Assert.Equal("10.0.0.1:4000 04", await Receive(socket));
        });

    [Fact]
    [Trait("Behaviour", "79")]
    public void QueueFullOfDatagrams_DropsTheNewestAndCounts() => Run(async (station, socket) =>
    {
        for (byte value = 0; value < 5; value++)
            Deliver(station, [value]);
        Assert.Equal(2, socket.Dropped);
        for (var value = 0; value < 3; value++)
            Assert.Equal($"10.0.0.1:4000 0{value}", await Receive(socket));
        Deliver(station, [9]);
        Assert.Equal("10.0.0.1:4000 09", await Receive(socket));
        Assert.Equal(2, socket.Dropped);
    }, new() { ReceiveDatagramsMax = 3 });

    [Fact]
    [Trait("Behaviour", "79")]
    public void QueueFullOfBytes_DropsTheNewestAndCounts() => Run(async (station, socket) =>
    {
        Deliver(station, new byte[60]);
        Deliver(station, new byte[41]);
        Assert.Equal(1, socket.Dropped);
        Deliver(station, new byte[40]);
        Deliver(station, []); // No byte needs no room.
        Assert.Equal(1, socket.Dropped);
        foreach (var length in (int[])[60, 40, 0])
            Assert.Equal(length, (await socket.ReceiveAsync(_buffer)).Value().Length);
    }, new() { ReceiveBytesMax = 100 });

    [Fact]
    [Trait("Behaviour", "80")]
    public void PortUnreachable_IsReceivedOnceHoweverOftenItComes() => Run(async (station, socket) =>
    {
        Unreachable(station, 4000);
        Unreachable(station, 4000);
        Deliver(station, [1]);
        Assert.True(socket.Send(new(new byte[] { 1 })).IsRight); // An error holds no later datagram up.
        var error = (await socket.ReceiveAsync(_buffer)).Error();
        Assert.Equal(new UdpError.Unreachable(s_peer, IcmpUnreachable.Port), error);
        Assert.Equal("10.0.0.1:4000 01", await Receive(socket));
        var waiting = socket.ReceiveAsync(_buffer).AsTask();
        Assert.False(waiting.IsCompleted);
        Unreachable(station, 4000);
        Assert.Equal(error, (await waiting).Error());
        Assert.False(socket.TryTakeError(out _));
    }, new() { Bind = new() { Remote = s_peer } });

    [Fact]
    public void ErrorsThatNobodyTakes_AreBounded() => Run((station, socket) =>
    {
        for (ushort port = 1; port <= UdpReceiver.ErrorsMax + 1; port++)
            Unreachable(station, port);
        for (ushort port = 1; port <= UdpReceiver.ErrorsMax; port++)
        {
            Assert.True(socket.TryTakeError(out var error));
            Assert.Equal(new UdpError.Unreachable(new(Station.Peer, port), IcmpUnreachable.Port), error);
        }

        Assert.False(socket.TryTakeError(out _));
        return Task.CompletedTask;
    }, new() { Bind = new() { ReportsErrors = true } });

    [Fact]
    public void ReceiveCancelled_LosesNoDatagram() => Run(async (station, socket) =>
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = socket.ReceiveAsync(_buffer, cancellation.Token).AsTask();
        cancellation.Cancel();
        Deliver(station, [1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await socket.ReceiveAsync(_buffer, cancellation.Token));
        Assert.Equal("10.0.0.1:4000 01", await Receive(socket));
        waiting = socket.ReceiveAsync(_buffer).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await socket.ReceiveAsync(_buffer));
        Deliver(station, [2]);
        Assert.Equal(1, (await waiting).Value().Length);
    });

    [Fact]
    public void SocketDisposed_OrItsStackDisconnected_EndsTheWait() => Run(async (station, socket) =>
    {
        var other = Socket.Connect(station.Host, station.Udp, s_peer).Value();
        var (waiting, otherWaiting) = (socket.ReceiveAsync(_buffer).AsTask(), other.ReceiveAsync(_buffer).AsTask());
        socket.Dispose();
        Assert.Equal(new UdpError.Closed(), (await waiting).Error());
        await Datagrams.Disconnect(station.Udp);
        Assert.Equal(new UdpError.Closed(), (await otherWaiting).Error());
        Assert.Equal(new UdpError.Closed(), (await other.ReceiveAsync(_buffer)).Error());
        Assert.Equal(new UdpError.Closed(), other.Send(default).Error());
        other.Dispose();
        Assert.DoesNotContain(station.Host.Holdings.Held, static holding => holding.Name.StartsWith("datagram"));
    });

    [Fact]
    public void SocketThatIsConnectedToNobody_SendsOnlyWithADestination() => Run((station, socket) =>
    {
        Assert.Throws<InvalidOperationException>(() => { socket.Send(default); });
        Assert.True(socket.Send(s_peer, new(new byte[] { 5 })).IsRight);
        Assert.Equal(9, Assert.Single(station.Wire.Take()).IpPayload.Length);
        Assert.Equal((7, s_own, null), (socket.Port, socket.Reachable, socket.Remote));
        return Task.CompletedTask;
    });

    [Fact]
    public void ReceiveInTheSteadyState_AllocatesNothing() => Run((station, socket) =>
    {
        var datagram = Packets.Frame(TestWire.Mac, Station.PeerMac, EtherType.Ipv4, Packets.Ipv4(
            new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp, Ttl = 64 },
            Packets.Udp(s_peer, s_own, new byte[100])));
        var allocated = long.MaxValue;
        for (var window = 0; window < 6; window++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 200; round++)
            {
                station.Wire.Deliver(datagram);
                station.Wire.Deliver(datagram);
                for (var count = 0; count < 2; count++)
                {
                    var receiving = socket.ReceiveAsync(_buffer);
                    Assert.True(receiving.IsCompletedSuccessfully && receiving.Result.IsRight);
                }
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
        return Task.CompletedTask;
    });

    private async Task<string> Receive(Socket socket) => (await socket.ReceiveAsync(_buffer)).Match(
        Right: received => $"{received.Source} {Convert.ToHexString(_buffer.AsSpan(0, received.Length))}",
        Left: error => $"{error}");

    private static void Run(Func<Station, Socket, Task> body, UdpSocketOptions options = default) =>
        Station.Run(async station =>
        {
            station.Learn();
            using var socket = Socket.Open(station.Host, station.Udp, s_own.Port, options).Value();
            await body(station, socket);
        });

    private static void Deliver(Station station, byte[] payload) =>
        station.Deliver(IpProtocol.Udp, Packets.Udp(s_peer, s_own, payload));

    private static void Unreachable(Station station, ushort port)
    {
        var quoted = Packets.Ipv4(
            new() { Source = Station.Own, Destination = Station.Peer, Protocol = IpProtocol.Udp, Ttl = 64 },
            Packets.Udp(s_own, new(Station.Peer, port), []));
        station.Deliver(IpProtocol.Icmp, Packets.Icmp(new(IcmpType.DestinationUnreachable, 3, 0), quoted));
    }
}
