using System.Diagnostics;
using System.Numerics;

namespace Mirage.Net;

/// <summary>Bytes that arrived beyond a hole, each at the place in memory that its number says.</summary>
/// <remarks>Memory is a ring of pages, taken when a byte falls into one: whatever the peer sends, and in whatever
/// pieces, it is no more than the window and a page. What is there is known as stretches, sorted; a segment finds its
/// place by binary search and moves at most <see cref="TcpLimits.RangesMax"/> entries of eight bytes (SegmentSmack,
/// CVE-2018-5390). A segment that would make one stretch too many is dropped, and the peer sends it again.</remarks>
internal sealed class TcpReassembly(BlockPool pool, int windowMax)
{
    private const int PageSize = BlockPool.BlockSize; // A power of two, as is 2³²: a page does not straddle the wrap.
    private const int RangesInitial = 8;
    private Block?[] _pages = [];
    private Range[] _ranges = [];
    private int _count;

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>One past the last byte held; null while nothing is.</summary>
    public uint? End => _count == 0 ? null : _ranges[_count - 1].End;

    /// <summary>Stretches held, and pages taken for them.</summary>
    public int RangeCount => _count;

    public int PageCount { get; private set; }

    /// <summary>Holds <paramref name="bytes"/>, the first of which is numbered <paramref name="start"/>.</summary>
    /// <returns>False when there are too many stretches for one more.</returns>
    public bool TryAdd(uint start, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(bytes.Length <= windowMax, "The receiver trims to its window.");
        if (bytes.IsEmpty)
            return true;
        var end = start.Plus(bytes.Length);
        var first = FirstTouching(start);
        var last = first;
        var merged = new Range(start, end);
        while (last < _count && _ranges[last].Start.IsUpTo(end))
        {
            var held = _ranges[last++];
            merged = new(SequenceNumber.Earlier(merged.Start, held.Start), SequenceNumber.Later(merged.End, held.End));
        }

        if (first == last && _count == TcpLimits.RangesMax)
            return false;
        Replace(first, last, merged);
        Write(start, bytes);
        return true;
    }

    /// <summary>Moves what follows <paramref name="next"/> without a hole to <paramref name="queue"/>, and forgets what
    /// precedes it.</summary>
    /// <returns>One past the last byte moved.</returns>
    public uint Drain(uint next, ByteQueue queue)
    {
        var passed = 0;
        while (passed < _count && _ranges[passed].Start.IsUpTo(next))
        {
            var end = _ranges[passed++].End;
            if (end.IsAfter(next))
                next = Read(next, end, queue);
        }

        if (passed == 0)
            return next;
        _ranges.AsSpan(passed, _count - passed).CopyTo(_ranges);
        _count -= passed;
        ReleasePages(_count == 0 ? null : _ranges[0].Start);
        return next;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _count = 0;
        ReleasePages(null);
    }

    // The first stretch that ends at or after the number: it touches or follows it.
    private int FirstTouching(uint start)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].End.IsBefore(start))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Replace(int first, int last, Range range)
    {
        if (_count == _ranges.Length && first == last)
            Array.Resize(ref _ranges, Math.Max(RangesInitial, 2 * _count));
        _ranges.AsSpan(last, _count - last).CopyTo(_ranges.AsSpan(first + 1));
        _ranges[first] = range;
        _count += 1 - (last - first);
    }

    private void Write(uint start, ReadOnlySpan<byte> bytes)
    {
        if (_pages.Length == 0)
            _pages = new Block?[BitOperations.RoundUpToPowerOf2((uint)((windowMax / PageSize) + 2))];
        while (!bytes.IsEmpty)
        {
            ref var page = ref _pages[Slot(start)];
            if (page is null)
            {
                page = pool.Rent(PageSize);
                PageCount++;
            }

            var room = page.Free.Span[(int)(start % PageSize)..PageSize];
            var length = Math.Min(room.Length, bytes.Length);
            bytes[..length].CopyTo(room);
            bytes = bytes[length..];
            start = start.Plus(length);
        }
    }

    private uint Read(uint start, uint end, ByteQueue queue)
    {
        while (start.IsBefore(end))
        {
            var offset = (int)(start % PageSize);
            var length = Math.Min(PageSize - offset, start.DistanceTo(end));
            queue.Append(_pages[Slot(start)]!.Free.Span.Slice(offset, length));
            start = start.Plus(length);
        }

        return start;
    }

    // Gives back every page that no stretch lies in. The ring is short, and a hole that closes is rare.
    private void ReleasePages(uint? from)
    {
        if (PageCount == 0)
            return;
        var first = (from ?? 0) / PageSize;
        var last = ((End ?? 0).Plus(-1) / PageSize) - first;
        var mask = (uint)_pages.Length - 1;
        for (var slot = 0; slot < _pages.Length; slot++)
        {
            var isKept = from is not null && (((uint)slot - first) & mask) <= (last & (uint.MaxValue / PageSize));
            if (isKept || _pages[slot] is not { } page)
                continue;
            pool.Return(page);
            _pages[slot] = null;
            PageCount--;
        }
    }

    private int Slot(uint sequence) => (int)(sequence / PageSize) & (_pages.Length - 1);

    private readonly record struct Range(uint Start, uint End);
}
