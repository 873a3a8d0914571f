using LanguageExt;

namespace Mirage.Storage;

/// <summary>A disk in memory, of zeros at each boot: MirageOS's <c>ramdisk</c>.</summary>
/// <remarks>The keys <c>--ram-sector-size</c> and <c>--ram-sectors</c> say how large it is. Nothing survives the
/// process, so a flush has nothing to do.</remarks>
public readonly struct RamBlock : IBlock<RamBlock>
{
    private readonly RamDisk _disk;

    private RamBlock(RamDisk disk) => _disk = disk;

    /// <inheritdoc/>
    public static Impl<RamBlock> Impl => RamDisk.Impl.Map(static disk => new RamBlock(disk));

    /// <inheritdoc/>
    public static BlockInfo Info(RamBlock block) => block._disk.Info;

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        RamBlock block, long sector, IReadOnlyList<Memory<byte>> buffers) => new(block._disk.Read(sector, buffers));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        RamBlock block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        new(block._disk.Write(sector, buffers));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(RamBlock block) => new(block._disk.Flush());

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(RamBlock block, long sector, long count) =>
        new(block._disk.Discard(sector, count));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Resize(RamBlock block, long sectorCount) =>
        new(block._disk.Resize(sectorCount));

    /// <inheritdoc/>
    public static ValueTask Disconnect(RamBlock device)
    {
        device._disk.Disconnect();
        return ValueTask.CompletedTask;
    }
}
