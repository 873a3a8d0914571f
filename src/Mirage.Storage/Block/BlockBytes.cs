namespace Mirage.Storage;

/// <summary>Bytes of a block device, wherever they begin.</summary>
internal static class BlockBytes<TBlock> where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Fills <paramref name="destination"/> from byte <paramref name="offset"/> on, which is all on the
    /// device.</summary>
    public static async ValueTask<BlockError?> Read(TBlock block, long offset, Memory<byte> destination)
    {
        var size = TBlock.Info(block).SectorSize;
        var skipped = (int)(offset % size);
        var whole = destination.Length / size * size;
        if (skipped == 0 && whole > 0)
        {
            if (await BlockIo<TBlock>.Read(block, offset / size, destination[..whole]) is { } failure)
                return failure;
            (offset, destination) = (offset + whole, destination[whole..]);
        }

        if (destination.IsEmpty)
            return null;
        var sectors = new byte[(skipped + destination.Length + size - 1) / size * size];
        if (await BlockIo<TBlock>.Read(block, offset / size, sectors) is { } error)
            return error;
        sectors.AsMemory(skipped, destination.Length).CopyTo(destination);
        return null;
    }
}
