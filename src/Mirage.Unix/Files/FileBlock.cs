using LanguageExt;

namespace Mirage.Unix;

/// <summary>A file or a disk of the machine as a block device: MirageOS's <c>block-unix</c>.</summary>
/// <remarks>
/// <para>The key <c>--block</c> names it, <c>--block-sector-size</c> says how it is cut, <c>--block-direct</c> passes
/// the page cache by, and <c>--block-read-only</c> opens what may not be written: that is asked for and never
/// assumed.</para>
/// <para>It is locked while it is connected: a second program, or a second device of this one, is refused. What the
/// page cache has is read on the loop, everything else by other threads while the loop goes on.</para>
/// <para>A flush is fdatasync(2). After one that failed nothing is known of the writes before it, so every later one
/// fails too. A power cut leaves a sector old or new where the disk below writes at least so many bytes as one.</para>
/// </remarks>
public readonly struct FileBlock : IBlock<FileBlock>
{
    private readonly FileDisk _disk;

    private FileBlock(FileDisk disk) => _disk = disk;

    /// <inheritdoc/>
    public static Impl<FileBlock> Impl => DiskOptions.Disk.Map(static disk => new FileBlock(disk));

    /// <inheritdoc/>
    public static BlockInfo Info(FileBlock block) => block._disk.Info;

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        FileBlock block, long sector, IReadOnlyList<Memory<byte>> buffers) => block._disk.Read(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        FileBlock block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._disk.Write(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(FileBlock block) => block._disk.Flush();

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(FileBlock block, long sector, long count) =>
        block._disk.Discard(sector, count);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Resize(FileBlock block, long sectorCount) =>
        block._disk.Resize(sectorCount);

    /// <inheritdoc/>
    public static ValueTask Disconnect(FileBlock device) => device._disk.Disconnect();
}
