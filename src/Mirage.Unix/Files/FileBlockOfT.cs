using LanguageExt;

namespace Mirage.Unix;

/// <summary>One file or disk of several, told apart by a tag: its key is <c>--NAME-block</c>. See
/// <see cref="FileBlock"/>.</summary>
/// <typeparam name="TGroup">The tag.</typeparam>
public readonly struct FileBlock<TGroup> : IBlock<FileBlock<TGroup>> where TGroup : IGroup
{
    private readonly FileDisk _disk;

    private FileBlock(FileDisk disk) => _disk = disk;

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <inheritdoc/>
    public static Impl<FileBlock<TGroup>> Impl => DiskOptions.Disk.Map(static disk => new FileBlock<TGroup>(disk));

    /// <inheritdoc/>
    public static BlockInfo Info(FileBlock<TGroup> block) => block._disk.Info;

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        FileBlock<TGroup> block, long sector, IReadOnlyList<Memory<byte>> buffers) => block._disk.Read(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        FileBlock<TGroup> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._disk.Write(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(FileBlock<TGroup> block) => block._disk.Flush();

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(FileBlock<TGroup> block, long sector, long count) =>
        block._disk.Discard(sector, count);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Resize(FileBlock<TGroup> block, long sectorCount) =>
        block._disk.Resize(sectorCount);

    /// <inheritdoc/>
    public static ValueTask Disconnect(FileBlock<TGroup> device) => device._disk.Disconnect();
}
