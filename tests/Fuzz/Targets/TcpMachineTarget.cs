using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Segments, commands and leaps of the clock at one machine, in any state of it.</summary>
internal sealed class TcpMachineTarget() : FuzzTarget("tcp-machine")
{
    private const int Receive = 70_000; // Scaled.
    private const long DayNs = 86_400_000_000_000;

    public override int ShortRun => 60;

    public override IReadOnlyList<string> Reaches => [.. Enum.GetNames<TcpState>()];

    public override long AllocationMax(int length) => (32 << 20) + (262_144L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new byte[8 + random.Next(800)];
        random.Fill(bytes);
        return bytes;
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        var state = (TcpState)script.Next(10);
        var parameters = TcpPeer.Defaults with { ReceiveBuffer = Receive, Nagle = script.Next(2) == 0 };
        var peer = TcpPeer.In(state, parameters, uint.MaxValue - script.Byte(), script.Double());
        while (!script.IsOver)
        {
            Step(peer, script);
            Reach(peer.Machine.State.ToString());
            Check(peer);
        }

        peer.Machine.HandleAbort(peer.NowNs);
        peer.ReceiveQueue.Clear();
        peer.SendQueue.Clear();
        Oracle.Same(0, peer.Pool.Rented, "Every block is given back.");
        Oracle.That(peer.Machine.NextTimeoutNs is null, "A connection that was aborted has no timer.");
    }

    private static void Step(TcpPeer peer, ByteScript script)
    {
        switch (script.Next(16))
        {
            case 0:
                if (!peer.Machine.Block.Space.IsFinQueued && peer.SendQueue.Length < 100_000)
                    peer.Writes(script.Next(5000), push: script.Next(4) != 0);
                break;
            case 1:
                peer.Reads(script.Next(peer.ReceiveQueue.Length + 1));
                break;
            case 2:
                peer.Elapses(script.Next(3000));
                break;
            case 3:
                peer.NowNs += (script.Next(101) - 50) * DayNs * (script.Next(20) == 0 ? 1 : 0);
                break;
            case 4:
                peer.Complains((IcmpUnreachable)script.Next(6), script.Next(20_000), script.Next(2000));
                break;
            case 5:
                if (script.Next(30) == 0)
                    peer.Closes();
                if (script.Next(60) == 0)
                    peer.Machine.HandleDetach(peer.NowNs);
                break;
            default:
                Send(peer, script);
                break;
        }
    }

    // Near to what the machine expects, mostly: what is far off is refused at the door.
    private static void Send(TcpPeer peer, ByteScript script)
    {
        var block = peer.Machine.Block;
        var (odd, near, length) = (script.Byte(), script.Word() - 32_768, script.Word() % 3000);
        var flags = (odd & 3) == 3 ? (TcpFlags)script.Byte() : TcpFlags.Ack;
        var seq = block.Receiver.Next.Plus((odd & 4) == 0 ? 0 : near >> (odd >> 5));
        var ack = (odd & 8) == 0 ? block.Space.Next : block.Space.Unacknowledged.Plus(near >> (odd >> 5));
        var payload = new byte[(odd & 16) == 0 ? 0 : length];
        var place = peer.Machine.State is TcpState.SynSent ? 0 : block.Receiver.Initial.DistanceTo(seq);
        if ((flags & TcpFlags.Syn) != 0)
            place++;
        for (var index = 0; index < payload.Length; index++)
            payload[index] = TcpPeer.At(place + index);
        var header = new TcpHeader(TcpPeer.RemotePort, TcpPeer.LocalPort, seq, ack, flags, (ushort)script.Word())
        {
            UrgentPointer = odd,
            Options = new() { WindowScale = (byte)(odd >> 4), MaximumSegmentSize = (ushort)near },
        };
        peer.Machine.HandleSegment(new(header, payload), peer.NowNs);
    }

    private static void Check(TcpPeer peer)
    {
        peer.Poll(); // Which compares what is sent with what was written.
        peer.Events();
        var block = peer.Machine.Block;
        var window = peer.ReceiveQueue.Length + block.Window.Size(block.Receiver.Next);
        Oracle.That(window <= block.Window.BytesMax, "No more is offered than there is room for.");
        Oracle.That(block.Receiver.Reassembly.RangeCount <= TcpLimits.RangesMax, "Stretches are limited.");
        Oracle.That(block.Recovery.InFlight >= 0 && block.Recovery.InFlight <= block.Space.InFlight, "Flight adds up.");
        Oracle.That(block.Size.Effective is >= TcpLimits.MssFloor and <= TcpPeer.Mss, "Segments keep their size.");
        var isOver = peer.Machine.State is TcpState.Closed;
        Oracle.That(block.Space.InFlight == 0 || isOver || peer.Machine.NextTimeoutNs is not null, "It has a timer.");
    }
}
