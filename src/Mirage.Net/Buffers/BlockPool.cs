using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The memory of a stack's queues. It keeps what was returned up to a limit, and belongs to one
/// loop.</summary>
internal sealed class BlockPool
{
    /// <summary>Bytes of a block: a few segments of Ethernet, and few enough that a short exchange costs
    /// little.</summary>
    public const int BlockSize = 8192;

    private const int RetainedMax = 2048; // 16 MiB
    private readonly Stack<Block> _free = new();

    /// <summary>Blocks handed out and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>A block of at least <paramref name="size"/> bytes.</summary>
    public Block Rent(int size)
    {
        Rented++;
        if (size > BlockSize)
            return new Block(GC.AllocateUninitializedArray<byte>(size));
        if (!_free.TryPop(out var block))
            return new Block(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true));
        block.IsPooled = false;
        return block;
    }

    public void Return(Block block)
    {
        Debug.Assert(!block.IsPooled, "A block is returned once.");
        Rented--;
        block.Begin(0);
        if (block.Capacity != BlockSize || _free.Count >= RetainedMax)
            return;
        block.IsPooled = true;
        _free.Push(block);
    }
}
