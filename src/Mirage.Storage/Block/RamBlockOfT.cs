using LanguageExt;

namespace Mirage.Storage;

/// <summary>One disk in memory of several, told apart by a tag: its keys are <c>--NAME-ram-sectors</c> and
/// <c>--NAME-ram-sector-size</c>. See <see cref="RamBlock"/>.</summary>
/// <typeparam name="TGroup">The tag.</typeparam>
public readonly struct RamBlock<TGroup> : IBlock<RamBlock<TGroup>> where TGroup : IGroup
{
    private readonly RamDisk _disk;

    private RamBlock(RamDisk disk) => _disk = disk;

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <inheritdoc/>
    public static Impl<RamBlock<TGroup>> Impl => RamDisk.Impl.Map(static disk => new RamBlock<TGroup>(disk));

    /// <inheritdoc/>
    public static BlockInfo Info(RamBlock<TGroup> block) => block._disk.Info;

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        RamBlock<TGroup> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
        new(block._disk.Read(sector, buffers));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        RamBlock<TGroup> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        new(block._disk.Write(sector, buffers));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(RamBlock<TGroup> block) => new(block._disk.Flush());

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(RamBlock<TGroup> block, long sector, long count) =>
        new(block._disk.Discard(sector, count));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Resize(RamBlock<TGroup> block, long sectorCount) =>
        new(block._disk.Resize(sectorCount));

    /// <inheritdoc/>
    public static ValueTask Disconnect(RamBlock<TGroup> device)
    {
        device._disk.Disconnect();
        return ValueTask.CompletedTask;
    }
}
