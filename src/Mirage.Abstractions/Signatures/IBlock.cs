using LanguageExt;

namespace Mirage;

/// <summary>A device of sectors: MirageOS's BLOCK, with a flush, a discard and a resize.</summary>
/// <remarks>
/// A transfer is a list of buffers, each a whole number of sectors, which are not touched by the caller until the task
/// completes. Without <see cref="Flush"/> nothing is promised after a power cut but that each
/// <see cref="BlockInfo.AtomicSectors"/> sectors hold the old or the new bytes. A write that fails may have landed in
/// part.
/// </remarks>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IBlock<TSelf> : IDevice<TSelf> where TSelf : struct, IBlock<TSelf>
{
    /// <summary>Size and abilities; constant between resizes.</summary>
    static abstract BlockInfo Info(TSelf block);

    /// <summary>Fills <paramref name="buffers"/> in order from <paramref name="sector"/> on.</summary>
    static abstract ValueTask<Either<BlockError, Unit>> Read(
        TSelf block, long sector, IReadOnlyList<Memory<byte>> buffers);

    /// <summary>Writes <paramref name="buffers"/> in order from <paramref name="sector"/> on.</summary>
    static abstract ValueTask<Either<BlockError, Unit>> Write(
        TSelf block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers);

    /// <summary>A barrier: on return every write that had completed before is durable. A failure is repeated by every
    /// later flush.</summary>
    static abstract ValueTask<Either<BlockError, Unit>> Flush(TSelf block);

    /// <summary>Says that the sectors' contents are not needed; they read as zeros afterwards.</summary>
    static virtual ValueTask<Either<BlockError, Unit>> Discard(TSelf block, long sector, long count) =>
        new(new BlockError.Unsupported("discard"));

    /// <summary>Gives the device <paramref name="sectorCount"/> sectors. What is new reads as zeros, also where sectors
    /// were that an earlier resize took away; the others keep their contents.</summary>
    /// <remarks>Durable on return, and done whole or not at all. A transfer under way meanwhile that is not all on both
    /// sizes may be refused. No room for so many sectors is <see cref="BlockError.NoSpace"/>; a negative count is
    /// <see cref="BlockError.OutOfBounds"/>.</remarks>
    static virtual ValueTask<Either<BlockError, Unit>> Resize(TSelf block, long sectorCount) =>
        new(new BlockError.Unsupported("resize"));
}
