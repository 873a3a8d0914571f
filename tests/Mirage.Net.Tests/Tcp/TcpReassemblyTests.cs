using System.Buffers;
using FsCheck.Xunit;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 9293 section 3.10.7.4")]
public sealed class TcpReassemblyTests
{
    private const int Window = 50_000;

    /// <summary>Any segments inside of a window, in any order: the bytes that come out are those of the stream, each
    /// once, as far as there is no hole, and every page goes back.</summary>
    [Property(MaxTest = 300)]
    [Trait("Behaviour", "132")]
    public void AnySegments_Drained_AreTheStream((ushort Place, ushort Length)[] segments, uint start)
    {
        foreach (var origin in new[] { start, uint.MaxValue - 20_000 })
            Check(segments, origin);
    }

    [Fact]
    [Trait("Behaviour", "125")]
    [Trait("Hostile", "8")]
    public void OneStretchTooMany_IsRefusedAndOneThatTouchesIsNot()
    {
        var pool = new BlockPool();
        var reassembly = new TcpReassembly(pool, Window);
        for (var place = 0; place < TcpLimits.RangesMax; place++)
            Assert.True(reassembly.TryAdd((uint)(10 + (place * 2)), [1], out _));
        Assert.False(reassembly.TryAdd(5000, [1], out _));
        Assert.True(reassembly.TryAdd(11, [1], out _));
        Assert.True(reassembly.TryAdd(5000, [1], out _));
        reassembly.Clear();
        Assert.Equal((0, 0, 0), (pool.Rented, reassembly.RangeCount, reassembly.PageCount));
    }

    private static void Check((ushort Place, ushort Length)[] segments, uint origin)
    {
        var pool = new BlockPool();
        var queue = new ByteQueue(pool);
        var reassembly = new TcpReassembly(pool, Window);
        var present = new bool[Window];
        var next = 0;
        foreach (var (place, size) in segments)
        {
            var first = next + 1 + (place % Math.Max(1, Window - next - 1));
            var length = Math.Min(size % 9000, Window - first);
            if (length <= 0)
                continue;
            var bytes = Enumerable.Range(first, length).Select(TcpPeer.At).ToArray();
            if (reassembly.TryAdd(origin.Plus(first), bytes, out _))
                Array.Fill(present, true, first, length);
            if (size % 3 != 0)
                continue;

            // The byte at the hole arrives.
            queue.Append([TcpPeer.At(next)]);
            next = origin.DistanceTo(reassembly.Drain(origin.Plus(next + 1), queue));
            var expected = queue.Length;
            Assert.Equal(expected, next);
            Assert.True(next == Window || !present[next], "Nothing that is there is left behind.");
        }

        Assert.Equal(Enumerable.Range(0, queue.Length).Select(TcpPeer.At), queue.All.ToArray());
        Assert.InRange(reassembly.PageCount, 0, (Window / BlockPool.BlockSize) + 2);
        reassembly.Clear();
        queue.Clear();
        Assert.Equal(0, pool.Rented);
    }
}
