using System.Buffers;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>A queue of bytes in a chain of blocks: written at its end, read in place at any offset, released from its
/// head.</summary>
/// <remarks>It is the send queue of a flow, whose unacknowledged bytes stay in place until they are released, and the
/// receive queue, whose bytes are consumed by the reader. An empty queue holds no block.</remarks>
internal sealed class ByteQueue(BlockPool pool)
{
    private Block? _head;
    private Block? _tail;
    private Block? _cursor;
    private long _start;
    private long _end;
    // Memory was got and not advanced: the last block stays, even when everything before it is released.
    private bool _isLent;

    /// <summary>Where its memory comes from.</summary>
    public BlockPool Pool => pool;

    /// <summary>Bytes written and not released.</summary>
    public int Length => (int)(_end - _start);

    /// <summary>Everything in the queue.</summary>
    public ReadOnlySequence<byte> All => Slice(0, Length);

    /// <summary>Memory to write to, at least <paramref name="sizeHint"/> bytes and never none; <see cref="Advance"/>
    /// makes it part of the queue.</summary>
    public Memory<byte> GetMemory(int sizeHint)
    {
        if (_tail is null || _tail.Free.Length < Math.Max(sizeHint, 1))
            Grow(sizeHint);
        _isLent = true;
        return _tail!.Free;
    }

    /// <summary>Appends the first <paramref name="count"/> bytes of the memory got last.</summary>
    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= (_tail?.Free.Length ?? 0), "No more is appended than there was room for.");
        _tail?.Advance(count);
        _end += count;
        _isLent = false;
        Release(0);
    }

    /// <summary>Appends a copy of <paramref name="bytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = GetMemory(1).Span;
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary><paramref name="length"/> bytes from <paramref name="offset"/> on, in place. Valid until they are
    /// released.</summary>
    public ReadOnlySequence<byte> Slice(int offset, int length)
    {
        Debug.Assert(offset >= 0 && length >= 0 && offset + length <= Length, "A slice lies inside the queue.");
        if (length == 0)
            return ReadOnlySequence<byte>.Empty;

        var from = _start + offset;
        var first = Find(from);
        var last = first;
        while (last.End < from + length)
            last = last.NextBlock!;
        _cursor = last;
        return new(first, (int)(from - first.Start), last, (int)(from + length - last.Start));
    }

    /// <summary>Lets go of the first <paramref name="count"/> bytes.</summary>
    public void Release(int count)
    {
        Debug.Assert(count >= 0 && count <= Length, "Only what is in the queue is released.");
        _start += count;
        while (_head is not null && _head.End <= _start && (_head != _tail || !_isLent))
        {
            var next = _head.NextBlock;
            if (_cursor == _head)
                _cursor = null;
            if (_tail == _head)
                _tail = null;
            pool.Return(_head);
            _head = next;
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear() => Release(Length);

    private void Grow(int sizeHint)
    {
        var block = pool.Rent(sizeHint);
        block.Begin(_end);
        if (_tail is { Written: 0 } empty)
        {
            // Nothing was written to the last block: replace it, for it was too small.
            Debug.Assert(_head == _tail || _tail.Start == _end, "An empty block is the last one.");
            RemoveEmptyTail(empty);
        }

        if (_tail is null)
            _head = block;
        else
            _tail.Link(block);
        _tail = block;
    }

    private void RemoveEmptyTail(Block empty)
    {
        if (_head == empty)
        {
            (_head, _tail) = (null, null);
        }
        else
        {
            var before = _head!;
            while (before.NextBlock != empty)
                before = before.NextBlock!;
            _tail = before;
        }

        if (_cursor == empty)
            _cursor = null;
        pool.Return(empty);
    }

    // Segments are sent in order: the block of the last slice is nearly always where the next one begins.
    private Block Find(long position)
    {
        var block = _cursor is { } cursor && cursor.Start <= position ? cursor : _head!;
        while (block.End <= position)
            block = block.NextBlock!;
        return block;
    }
}
