namespace Mirage.Storage;

/// <summary>Bytes of a block device, wherever they begin.</summary>
internal static class BlockBytes<TBlock> where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Fills <paramref name="destination"/> from byte <paramref name="offset"/> on, which is all on the
    /// device.</summary>
    public static async ValueTask<BlockError?> Read(TBlock block, long offset, Memory<byte> destination)
    {
        if (destination.IsEmpty)
            return null;
        // What lies between goes where it belongs at once; of the first sector and the last a part alone may be wanted.
        var size = TBlock.Info(block).SectorSize;
        var skipped = (int)(offset % size);
        var first = skipped == 0 ? default : destination[..Math.Min(size - skipped, destination.Length)];
        var middle = destination.Slice(first.Length, (destination.Length - first.Length) / size * size);
        var last = destination[(first.Length + middle.Length)..];
        var (head, tail) = (new byte[first.IsEmpty ? 0 : size], new byte[last.IsEmpty ? 0 : size]);
        Memory<byte>[] buffers = [head, middle, tail];
        var outcome = await TBlock.Read(
            block, offset / size, [.. buffers.Where(static buffer => !buffer.IsEmpty)]);
        if (outcome.Case is BlockError error)
            return error;
        head.AsMemory(head.Length == 0 ? 0 : skipped, first.Length).CopyTo(first);
        tail.AsMemory(0, last.Length).CopyTo(last);
        return null;
    }
}
