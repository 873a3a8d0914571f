using System.Buffers;
using System.Runtime.CompilerServices;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public abstract partial class StackTests<TStack>
{
    private const int DatagramMax = 65_507; // RFC 768 and RFC 791: 65,535 less 20 and 8.

    [Fact]
    public void BoundPorts_Datagram_IsEchoedToItsSource() => Run(static async ends =>
    {
        var (served, answered) = (new DatagramLog(), new DatagramLog());
        using var server = Right(TStack.Bind(ends.Server, 0, new Recorder(served)));
        using var client = Right(TStack.Bind(ends.Client, 0, new Recorder(answered)));
        Right(TStack.Write(ends.Client, client, server.Reachable, new("question"u8.ToArray())));
        await served.Count(1);
        Assert.Equal("question"u8.ToArray(), served[0].Payload);
        Assert.Equal(client.Reachable, served[0].Source);
        Assert.Equal(server.Reachable, served[0].Destination);

        Right(TStack.Write(ends.Server, server, served[0].Source, new("answer"u8.ToArray())));
        await answered.Count(1);
        Assert.Equal("answer"u8.ToArray(), answered[0].Payload);
        Assert.Equal(server.Reachable, answered[0].Source);
        Assert.Equal(client.Reachable, answered[0].Destination);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    [InlineData(1473)]
    [InlineData(DatagramMax)]
    public void AnyLength_Datagram_ArrivesWhole(int length) => Run(async ends =>
    {
        var log = new DatagramLog();
        using var server = Right(TStack.Bind(ends.Server, 0, new Recorder(log)));
        using var client = Right(TStack.Bind(ends.Client, 0, default(Deaf)));
        Right(TStack.Write(ends.Client, client, server.Reachable, new(Pattern(length))));
        await log.Count(1);
        Assert.Equal(Pattern(length), log[0].Payload);
    });

    [Fact]
    public void PayloadOfPieces_Written_IsOneDatagram() => Run(static async ends =>
    {
        var log = new DatagramLog();
        using var server = Right(TStack.Bind(ends.Server, 0, new Recorder(log)));
        using var client = Right(TStack.Bind(ends.Client, 0, default(Deaf)));
        var first = new Piece("one "u8.ToArray());
        var payload = new ReadOnlySequence<byte>(first, 0, first.Append("two"u8.ToArray()), 3);
        Right(TStack.Write(ends.Client, client, server.Reachable, payload));
        await log.Count(1);
        Assert.Equal("one two"u8.ToArray(), log[0].Payload);
    });

    [Fact]
    public void MoreThanADatagramHolds_Write_SaysHowMuch() => Run(static ends =>
    {
        using var port = Right(TStack.Bind(ends.Client, 0, default(Deaf)));
        var error = Left(TStack.Write(ends.Client, port, port.Reachable, new(new byte[DatagramMax + 1])));
        Assert.Equal(new UdpError.TooLong(DatagramMax + 1), error);
        return Task.CompletedTask;
    });

    [Fact]
    public void TakenPort_Bind_IsInUseUntilItIsFreed() => Run(static ends =>
    {
        var first = Right(TStack.Bind(ends.Server, 0, default(Deaf)));
        var error = Left(TStack.Bind(ends.Server, first.Number, default(Deaf)));
        Assert.Equal(new UdpError.PortInUse(first.Number), error);
        first.Dispose();
        first.Dispose(); // Again: nothing happens.
        using var second = Right(TStack.Bind(ends.Server, first.Number, default(Deaf)));
        Assert.Equal(first.Number, second.Number);
        Assert.Equal(first.Reachable, second.Reachable);
        return Task.CompletedTask;
    });

    [Fact]
    public void PortZero_Bind_GivesAFreeOneEachTime() => Run(static ends =>
    {
        var ports = Enumerable.Range(0, 20).Select(_ => Right(TStack.Bind(ends.Server, 0, default(Deaf)))).ToList();
        Assert.DoesNotContain((ushort)0, ports.Select(static port => port.Number));
        Assert.Distinct(ports.Select(static port => port.Number));
        ports.ForEach(static port => port.Dispose());
        return Task.CompletedTask;
    });

    [Fact]
    public void UnboundPort_Write_IsClosed() => Run(static ends =>
    {
        var port = Right(TStack.Bind(ends.Client, 0, default(Deaf)));
        port.Dispose();
        Assert.Equal(new UdpError.Closed(), Left(TStack.Write(ends.Client, port, port.Reachable, default)));
        return Task.CompletedTask;
    });

    [Fact]
    public void UnboundPort_DatagramToIt_IsLost() => Run(static async ends =>
    {
        var log = new DatagramLog();
        var server = Right(TStack.Bind(ends.Server, 0, new Recorder(log)));
        using var client = Right(TStack.Bind(ends.Client, 0, default(Deaf)));
        server.Dispose();
        Right(TStack.Write(ends.Client, client, server.Reachable, default));
        await ends.Settle();
        Right(TStack.Write(ends.Client, client, server.Reachable, default)); // A lost datagram is no error.
        await ends.Settle();
        Assert.Equal(0, log.Length);
    });

    [Fact]
    public void HandlerUnbindsItsPort_DatagramsBehind_AreLost() => Run(static async ends =>
    {
        var log = new DatagramLog();
        var bound = new StrongBox<UdpPort>();
        bound.Value = Right(TStack.Bind(ends.Server, 0, new Once(log, bound)));
        using var client = Right(TStack.Bind(ends.Client, 0, default(Deaf)));
        for (var count = 0; count < 3; count++)
            Right(TStack.Write(ends.Client, client, bound.Value.Reachable, default));
        await ends.Settle();
        Assert.Equal(1, log.Length);
    });

    [Fact]
    public void UdpAndTcp_SamePort_AreTwo() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        using var port = Right(TStack.Bind(ends.Server, listener.Port, default(Deaf)));
        Assert.Equal(listener.Reachable, port.Reachable);
    });

    private readonly struct Recorder(DatagramLog log) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            log.Add(source, destination, payload.ToArray());
    }

    private readonly struct Once(DatagramLog log, StrongBox<UdpPort> port) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
        {
            log.Add(source, destination, payload.ToArray());
            port.Value!.Dispose();
        }
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
