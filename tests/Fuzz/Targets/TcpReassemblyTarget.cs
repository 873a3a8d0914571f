using System.Buffers;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Bytes beyond a hole, in any order and twice: what comes out is the stream.</summary>
/// <remarks>Input: how near to the wrap it begins, and then for each step where, how long, and whether the hole is
/// filled.</remarks>
internal sealed class TcpReassemblyTarget() : FuzzTarget("tcp-reassembly")
{
    private const int Window = 60_000;

    public override int ShortRun => 200;

    public override IReadOnlyList<string> Reaches => ["held", "too many stretches"];

    public override long AllocationMax(int length) => (2 << 20) + (16_384L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new List<byte> { (byte)random.Next(256), (byte)random.Next(256) };
        var isDust = random.Next(16) == 0; // Pieces of a byte, of which there soon are too many.
        for (var count = random.Next(isDust ? 1000 : 60); count > 0; count--)
        {
            var (at, length) = (random.Next(Window), isDust ? 1 : random.Next(3000));
            var fills = (byte)(!isDust && random.Next(6) == 0 ? 1 : 0);
            bytes.AddRange([(byte)(at >> 8), (byte)at, (byte)(length >> 8), (byte)length, fills]);
        }

        return [.. bytes];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        var pool = new BlockPool("blocks", poisons: true);
        var (held, queue) = (new TcpReassembly(pool, Window), new ByteQueue(pool));
        var next = 0u.Plus(-script.Word());
        var origin = next;
        var known = new bool[Window];
        while (!script.IsOver)
        {
            var (at, length, fills) = (script.Next(Window), script.Next(3000), (script.Byte() & 1) != 0);
            at = fills ? 0 : 1 + at;
            length = Math.Min(length, Window - at);
            if (length <= 0)
                continue;
            var isHeld = held.TryAdd(next.Plus(at), Bytes(origin.DistanceTo(next) + at, length), out _);
            Reach(isHeld ? "held" : "too many stretches");
            if (isHeld)
                known.AsSpan(at, length).Fill(true);
            Oracle.That(held.RangeCount <= TcpLimits.RangesMax, "Stretches are limited.");
            Oracle.That(held.PageCount <= (Window / BlockPool.BlockSize) + 2, "Pages are limited by the window.");
            next = Drain(held, queue, next, origin, known);
        }

        held.Clear();
        Oracle.Same(0, pool.Rented, "Every block is given back.");
    }

    private static uint Drain(TcpReassembly held, ByteQueue queue, uint next, uint origin, bool[] known)
    {
        var expected = Array.IndexOf(known, false) is >= 0 and var hole ? hole : known.Length;
        var after = held.Drain(next, queue);
        Oracle.Same(expected, next.DistanceTo(after), "What follows without a hole is moved.");
        Oracle.SameBytes(Bytes(origin.DistanceTo(next), expected), queue.All.ToArray(), "What is moved is the stream.");
        queue.Clear();
        known.AsSpan(expected).CopyTo(known);
        known.AsSpan(known.Length - expected).Clear();
        return after;
    }

    private static byte[] Bytes(int place, int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
            bytes[index] = (byte)(((place + index) * 7) + ((place + index) >> 8));
        return bytes;
    }
}
