namespace Mirage.Storage;

/// <summary>Transfers of one buffer, with the error as what they give: null for success.</summary>
internal static class BlockIo<TBlock> where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Fills <paramref name="buffer"/>, whole sectors, from <paramref name="sector"/> on.</summary>
    public static async ValueTask<BlockError?> Read(TBlock block, long sector, Memory<byte> buffer) =>
        (await TBlock.Read(block, sector, [buffer])).MatchUnsafe<BlockError?>(static _ => null, static error => error);

    /// <summary>Writes <paramref name="buffer"/>, whole sectors, from <paramref name="sector"/> on.</summary>
    public static async ValueTask<BlockError?> Write(TBlock block, long sector, ReadOnlyMemory<byte> buffer) =>
        (await TBlock.Write(block, sector, [buffer])).MatchUnsafe<BlockError?>(static _ => null, static error => error);

    /// <summary>Makes durable what was written.</summary>
    public static async ValueTask<BlockError?> Flush(TBlock block) =>
        (await TBlock.Flush(block)).MatchUnsafe<BlockError?>(static _ => null, static error => error);
}
