using System.Buffers;

namespace Mirage.Net;

/// <summary>A piece of memory in the chain of a <see cref="ByteQueue"/>.</summary>
internal sealed class Block : ReadOnlySequenceSegment<byte>
{
    private readonly byte[] _array;

    public Block(byte[] array) => _array = array;

    public int Capacity => _array.Length;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Position of the block's first byte in the stream of its queue.</summary>
    public long Start => RunningIndex;

    public long End => RunningIndex + Written;

    public Block? NextBlock => (Block?)Next;

    public Memory<byte> Free => _array.AsMemory(Written);

    /// <summary>Whether nobody has the block: it was returned, and is not handed out again.</summary>
    public bool IsReturned { get; set; }

    /// <summary>Overwrites what was written, so that whoever reads it after the return sees that.</summary>
    public void Poison(byte value) => _array.AsSpan(0, Written).Fill(value);

    public void Begin(long start)
    {
        RunningIndex = start;
        Written = 0;
        Memory = default;
        Next = null;
    }

    public void Advance(int count)
    {
        Written += count;
        Memory = _array.AsMemory(0, Written);
    }

    public void Link(Block next) => Next = next;
}
