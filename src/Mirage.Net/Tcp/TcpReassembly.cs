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
    private const int RangesInitial = 8, PagesInitial = 8;
    private Block?[] _pages = [];
    private TcpSackBlock[] _ranges = [];
    private int _count;

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>One past the last byte held; null while nothing is.</summary>
    public uint? End => _count == 0 ? null : _ranges[_count - 1].End;

    /// <summary>Stretches held, and pages taken for them.</summary>
    public int RangeCount => _count;

    public int PageCount { get; private set; }

    /// <summary>Holds <paramref name="bytes"/>, the first of which is numbered <paramref name="start"/>, and gives the
    /// stretch that they are part of now: an empty one for no byte.</summary>
    /// <returns>False when there are too many stretches for one more.</returns>
    public bool TryAdd(uint start, ReadOnlySpan<byte> bytes, out TcpSackBlock stretch)
    {
        Debug.Assert(bytes.Length <= windowMax, "The receiver trims to its window.");
        stretch = new(start, start.Plus(bytes.Length));
        if (bytes.IsEmpty)
            return true;
        var first = FirstTouching(start);
        var last = first;
        while (last < _count && _ranges[last].Start.IsUpTo(stretch.End))
        {
            var held = _ranges[last++];
            stretch = new(
                SequenceNumber.Earlier(stretch.Start, held.Start), SequenceNumber.Later(stretch.End, held.End));
        }

        if (first == last && _count == TcpLimits.RangesMax)
            return false;
        ReservePages(start, start.Plus(bytes.Length));
        Replace(first, last, stretch);
        Write(start, bytes);
        return true;
    }

    /// <summary>The first bytes between <paramref name="start"/> and <paramref name="end"/> that are held without a
    /// hole between them; null when none is.</summary>
    public TcpSackBlock? Overlap(uint start, uint end)
    {
        var first = FirstTouching(start);
        if (first < _count && _ranges[first].End == start)
            first++;
        if (first == _count || !_ranges[first].Start.IsBefore(end))
            return null;
        var held = _ranges[first];
        return new(SequenceNumber.Later(start, held.Start), SequenceNumber.Earlier(end, held.End));
    }

    /// <summary>Moves what follows <paramref name="next"/> without a hole to <paramref name="queue"/>, and forgets what
    /// precedes it.</summary>
    /// <returns>One past the last byte moved.</returns>
    public uint Drain(uint next, ByteQueue queue)
    {
        var passed = 0;
        var first = _count == 0 ? next : _ranges[0].Start;
        var last = End ?? next;
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
        ReleasePages(first, _count == 0 ? last.Plus(PageSize - 1) : _ranges[0].Start);
        return next;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (_count == 0)
            return;
        ReleasePages(_ranges[0].Start, _ranges[_count - 1].End.Plus(PageSize - 1));
        _count = 0;
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

    private void Replace(int first, int last, TcpSackBlock range)
    {
        if (_count == _ranges.Length && first == last)
            Array.Resize(ref _ranges, Math.Max(RangesInitial, 2 * _count));
        _ranges.AsSpan(last, _count - last).CopyTo(_ranges.AsSpan(first + 1));
        _ranges[first] = range;
        _count += 1 - (last - first);
    }

    private void Write(uint start, ReadOnlySpan<byte> bytes)
    {
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

    // Gives back the pages from the one that the first byte lies in to the one before that of the end.
    private void ReleasePages(uint first, uint end)
    {
        for (var place = PageOf(first); place != PageOf(end); place = place.Plus(PageSize))
        {
            ref var page = ref _pages[Slot(place)];
            if (page is null)
                continue;
            pool.Return(page);
            page = null;
            PageCount--;
        }
    }

    // The ring has as many places as there are pages between the first byte held and the last: few, unless the window
    // has grown.
    private void ReservePages(uint start, uint end)
    {
        var first = PageOf(_count == 0 ? start : SequenceNumber.Earlier(start, _ranges[0].Start));
        var last = PageOf((End is { } held ? SequenceNumber.Later(end, held) : end).Plus(-1));
        var count = (first.DistanceTo(last) / PageSize) + 1;
        if (count <= _pages.Length)
            return;
        var pages = new Block?[BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, PagesInitial))];
        if (_count > 0)
        {
            var beyond = PageOf(_ranges[_count - 1].End.Plus(PageSize - 1));
            for (var place = PageOf(_ranges[0].Start); place != beyond; place = place.Plus(PageSize))
                pages[(place / PageSize) & ((uint)pages.Length - 1)] = _pages[Slot(place)];
        }

        _pages = pages;
    }

    private static uint PageOf(uint sequence) => sequence & ~(uint)(PageSize - 1);

    private int Slot(uint sequence) => (int)(sequence / PageSize) & (_pages.Length - 1);
}
