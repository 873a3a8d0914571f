namespace Mirage.Net;

/// <summary>The memory of a stack's queues. It keeps what was returned up to a limit, and belongs to one
/// loop.</summary>
/// <param name="name">What an error calls the pool.</param>
/// <param name="poisons">Whether blocks are overwritten when they are returned.</param>
internal sealed class BlockPool(string name = "blocks", bool poisons = false)
{
    /// <summary>What a block is overwritten with.</summary>
    public const byte PoisonByte = 0xCD;

    /// <summary>Bytes of a block: a few segments of Ethernet, and few enough that a short exchange costs
    /// little.</summary>
    public const int BlockSize = 8192;

    private const int RetainedMax = 2048; // 16 MiB
    private readonly Stack<Block> _free = new();

    /// <summary>Blocks handed out and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>Their bytes.</summary>
    public long RentedBytes { get; private set; }

    /// <summary>A block of at least <paramref name="size"/> bytes.</summary>
    public Block Rent(int size)
    {
        Rented++;
        RentedBytes += Math.Max(size, BlockSize);
        if (size > BlockSize)
            return new Block(GC.AllocateUninitializedArray<byte>(size));
        if (!_free.TryPop(out var block))
            return new Block(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true));
        block.IsReturned = false;
        return block;
    }

    /// <exception cref="InvalidOperationException">The block was returned before.</exception>
    public void Return(Block block)
    {
        if (block.IsReturned)
            throw new InvalidOperationException($"A buffer of the pool '{name}' is returned twice.");
        block.IsReturned = true;
        Rented--;
        RentedBytes -= block.Capacity;
        if (poisons)
            block.Poison(PoisonByte);
        block.Begin(0);
        if (block.Capacity != BlockSize || _free.Count >= RetainedMax)
            return;
        _free.Push(block);
    }
}
