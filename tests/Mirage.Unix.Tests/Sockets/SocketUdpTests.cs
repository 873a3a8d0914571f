using System.Buffers;
using System.Net;
using System.Net.Sockets;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class SocketUdpTests
{
    [Fact]
    public void Datagrams_BothWays_KeepTheirBounds() => Run(static async (_, stack) =>
    {
        var (served, answered) = (new Log(), new Log());
        using var server = Right(SocketStack.Bind(stack, 0, new Recorder(served)));
        using var client = Right(SocketStack.Bind(stack, 0, new Recorder(answered)));
        foreach (var length in (int[])[0, 1, 1400, 65_507])
            Right(SocketStack.Write(stack, client, server.Reachable, new(Pattern(length))));
        await served.Count(4);
        Assert.Equal([0, 1, 1400, 65_507], served.Datagrams.Select(static datagram => datagram.Payload.Length));
        Assert.Equal(Pattern(1400), served.Datagrams[2].Payload);
        Assert.Equal(client.Reachable, served.Datagrams[0].Source);
        // The wildcard port knows where it was reached.
        Assert.Equal(server.Reachable, served.Datagrams[0].Destination);

        Right(SocketStack.Write(stack, server, served.Datagrams[0].Source, new("answer"u8.ToArray())));
        await answered.Count(1);
        Assert.Equal("answer"u8, answered.Datagrams[0].Payload);
    });

    [Fact]
    public void PayloadOfPieces_IsOneDatagram() => Run(static async (_, stack) =>
    {
        var log = new Log();
        using var port = Right(SocketStack.Bind(stack, 0, new Recorder(log)));
        var first = new Piece("one "u8.ToArray());
        var payload = new ReadOnlySequence<byte>(first, 0, first.Append("two"u8.ToArray()), 3);
        Right(SocketStack.Write(stack, port, port.Reachable, payload));
        await log.Count(1);
        Assert.Equal("one two"u8, log.Datagrams[0].Payload);
    });

    [Fact]
    public void TooLongOrUnroutable_Write_SaysWhy() => Run(static (_, stack) =>
    {
        var port = Right(SocketStack.Bind(stack, FreePort(), new Recorder(new Log())));
        var tooLong = SocketStack.Write(stack, port, port.Reachable, new(new byte[65_508]));
        Assert.Equal(new UdpError.TooLong(65_508), Left(tooLong));
        var far = new Endpoint(IpAddress.Parse("fd00::1"), 9);
        Assert.Equal(new UdpError.NoRoute(far.Address), Left(SocketStack.Write(stack, port, far, default)));
        port.Dispose();
        port.Dispose();
        Assert.Equal(new UdpError.Closed(), Left(SocketStack.Write(stack, port, port.Reachable, default)));
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void TakenPort_Bind_IsInUse() => Run(static (_, stack) =>
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var number = (ushort)((IPEndPoint)other.LocalEndPoint!).Port;
        Assert.Equal(new UdpError.PortInUse(number), Left(SocketStack.Bind(stack, number, new Recorder(new Log()))));
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void NumberedPort_IsOpenOnTheListenAddressOnly() => Run(static (_, stack) =>
    {
        using var port = Right(SocketStack.Bind(stack, FreePort(), new Recorder(new Log())));
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port.Number)); // Elsewhere the port is free.
        return ValueTask.CompletedTask;
    });

    private static void Run(Func<UnixHost, SocketStack, ValueTask> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var stack = SocketStack.On(host, IpAddress.LoopbackV4);
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

    private sealed record Datagram(Endpoint Source, Endpoint Destination, byte[] Payload);

    private sealed class Log
    {
        private TaskCompletionSource _arrival = new();

        public List<Datagram> Datagrams { get; } = [];

        public void Add(Datagram datagram)
        {
            Datagrams.Add(datagram);
            _arrival.TrySetResult();
        }

        public async Task Count(int count)
        {
            while (Datagrams.Count < count)
            {
                _arrival = new();
                await _arrival.Task;
            }
        }
    }

    private readonly struct Recorder(Log log) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            log.Add(new(source, destination, payload.ToArray()));

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes) => Memory = bytes;

        public Piece Append(byte[] bytes)
        {
            var next = new Piece(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
