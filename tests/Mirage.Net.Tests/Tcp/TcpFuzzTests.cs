using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Random segments, commands and leaps of the clock at one machine: nothing is thrown, nothing grows, no timer
/// is stuck.</summary>
public sealed class TcpFuzzTests
{
    private const int Receive = 70_000; // Scaled.
    private const int Steps = 400, ShortSteps = 40;

    [Property(MaxTest = 150)]
    [Trait("Conforms", "RFC 9293 section 3.10")]
    [Trait("Hostile", "39")]
    public void AnyState_AnySegmentsAndCommands_AreSurvived(ulong seed) => Run(seed, Steps);

    /// <summary>Short sequences, so that a long run has a million of them: the environment asks for it.</summary>
    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10")]
    public void AnyState_ManyShortSequences_KeepTheInvariants() =>
        Parallel.For(0, RunLength.Of("MIRAGE_TCP_SEQUENCES", 3000), static number =>
        {
            var seed = (ulong)number;
            try
            {
                Run(seed, 1 + (number % ShortSteps));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Sequence {seed} of {1 + (number % ShortSteps)} steps.", failure);
            }
        });

    private static void Run(ulong seed, int steps)
    {
        var random = new SplitMix64(seed);
        var state = (TcpState)random.Next(10);
        var local = random.Next(2) == 0 ? (uint)random.Next() : uint.MaxValue - 20;
        var budget = new TcpReceiveBudget(2 * Receive);
        var parameters = TcpPeer.Defaults with
        {
            ReceiveBuffer = Receive,
            ReceiveBufferMax = 10 * Receive,
            ReceiveBudget = budget,
            Nagle = random.Next(2) == 0,
        };
        TcpOptions syn = new()
        {
            MaximumSegmentSize = TcpPeer.Mss,
            SackPermitted = random.Next(2) == 0,
            Timestamps = random.Next(2) == 0 ? new((uint)random.Next(), 0) : null,
        };
        var peer = TcpPeer.In(state, parameters, local, (uint)random.Next(), syn);
        uint? edge = null;
        for (var step = 0; step < steps; step++)
        {
            Step(peer, random);
            Check(peer);
            CheckEdge(peer, ref edge);
            Assert.InRange(budget.Taken, 0, 2 * Receive);
        }

        if (peer.ReceiveQueue.Length > 0)
            peer.Reads(peer.ReceiveQueue.Length); // Each byte in its place, and once.

        peer.Machine.HandleAbort(peer.NowNs);
        peer.ReceiveQueue.Clear();
        peer.SendQueue.Clear();
        Assert.Equal((0, 0), (peer.Pool.Rented, budget.Taken));
        Assert.Null(peer.Machine.NextTimeoutNs);
    }

    private static void Step(TcpPeer peer, SplitMix64 random)
    {
        switch (random.Next(16))
        {
            case 0:
                if (!peer.Machine.Block.Space.IsFinQueued && peer.SendQueue.Length < 100_000)
                    peer.Writes(random.Next(5000), push: random.Next(4) != 0);
                break;
            case 1:
                peer.Reads(random.Next(peer.ReceiveQueue.Length + 1));
                break;
            case 2:
                peer.Elapses(random.Next(3000));
                break;
            case 3:
                peer.NowNs += ((long)random.Next(101) - 50) * 86_400_000_000_000 * (random.Next(20) == 0 ? 1 : 0);
                break;
            case 4:
                peer.Complains((IcmpUnreachable)random.Next(6), random.Next(20_000), random.Next(2000));
                break;
            case 5:
                if (random.Next(30) == 0)
                    peer.Closes();
                if (random.Next(60) == 0)
                    peer.Machine.HandleDetach(peer.NowNs);
                break;
            default:
                Send(peer, random);
                break;
        }
    }

    // Near to what the machine expects, mostly: what is far off is refused at the door.
    private static void Send(TcpPeer peer, SplitMix64 random)
    {
        var block = peer.Machine.Block;
        var flags = TcpFlags.Ack | (random.Next(30) == 0 ? TcpFlags.Fin : 0);
        if (random.Next(4) == 0)
            flags = (TcpFlags)random.Next(256);
        var seq = random.Next(8) == 0 ? (uint)random.Next() : block.Receiver.Next.Plus(Near(random));
        var ack = random.Next(2) == 0 ? block.Space.Next : block.Space.Unacknowledged.Plus(Near(random));
        if (random.Next(8) == 0)
            ack = (uint)random.Next();
        var payload = new byte[random.Next(3) == 0 ? 0 : random.Next(3000)];
        var place = peer.Machine.State is TcpState.SynSent ? 0 : block.Receiver.Initial.DistanceTo(seq);
        if ((flags & TcpFlags.Syn) != 0)
            place++;
        for (var index = 0; index < payload.Length; index++)
            payload[index] = TcpPeer.At(place + index);
        var header = new TcpHeader(TcpPeer.RemotePort, TcpPeer.LocalPort, seq, ack, flags, (ushort)random.Next(65536))
        {
            UrgentPointer = (ushort)random.Next(65536),
            Options = Options(block, random),
        };
        peer.Machine.HandleSegment(new(header, payload) { Ecn = (byte)random.Next(4) }, peer.NowNs);
    }

    private static TcpOptions Options(TcpControlBlock block, SplitMix64 random)
    {
        var clock = random.Next(8) == 0 ? (uint)random.Next() : block.Timestamps.Recent.Plus(random.Next(5) - 1);
        return new()
        {
            WindowScale = (byte)random.Next(256),
            MaximumSegmentSize = (ushort)random.Next(65536),
            SackPermitted = random.Next(2) == 0,
            Timestamps = random.Next(8) == 0 ? null : new(clock, (uint)random.Next()),
            Sack = random.Next(4) == 0
                ? new([new((uint)random.Next(), (uint)random.Next()), new(block.Space.Next, block.Space.Next.Plus(9))])
                : default,
        };
    }

    private static int Near(SplitMix64 random) => random.Next(20) switch
    {
        < 7 => 0,
        < 19 => random.Next(4000) - 2000,
        _ => random.Next(140_000) - 70_000,
    };

    // RFC 9293 section 3.8.6: what was offered is not taken back.
    private static void CheckEdge(TcpPeer peer, ref uint? edge)
    {
        if (peer.Machine.State is TcpState.SynSent or TcpState.Closed)
            return;
        var now = peer.Machine.Block.Window.Edge;
        Assert.True(edge is not { } before || before.IsUpTo(now), "The window is never pulled back.");
        edge = now;
    }

    private static void Check(TcpPeer peer)
    {
        peer.Poll(); // Which compares what is sent with what was written.
        peer.Events();
        var block = peer.Machine.Block;
        Assert.InRange(peer.ReceiveQueue.Length + block.Window.Size(block.Receiver.Next), 0, block.Window.BytesMax);
        Assert.InRange(block.Receiver.Reassembly.RangeCount, 0, TcpLimits.RangesMax);
        Assert.InRange(block.Receiver.Reassembly.PageCount, 0, (block.Window.BytesMax / BlockPool.BlockSize) + 2);
        Assert.InRange(block.Space.InFlight, 0, int.MaxValue);
        Assert.InRange(block.Recovery.InFlight, 0, block.Space.InFlight);
        const int options = TcpHeader.SizeMax - TcpHeader.FixedSize;
        Assert.InRange(block.Size.Effective, TcpLimits.MssFloor - options, TcpPeer.Mss);
        Assert.InRange(block.Congestion.WindowBytes, TcpLimits.MssFloor - options, int.MaxValue);
        var isOver = peer.Machine.State is TcpState.Closed;
        Assert.True(block.Space.InFlight == 0 || isOver || peer.Machine.NextTimeoutNs is not null, "It has a timer.");
    }
}
