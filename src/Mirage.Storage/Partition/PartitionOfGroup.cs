using LanguageExt;

namespace Mirage.Storage;

/// <summary>One partition of several, told apart by a tag: see <see cref="Partition{TBlock}"/>. Its key is
/// <c>--NAME-partition</c>.</summary>
/// <typeparam name="TBlock">The whole device.</typeparam>
/// <typeparam name="TGroup">The tag.</typeparam>
public readonly struct Partition<TBlock, TGroup> : IBlock<Partition<TBlock, TGroup>>
    where TBlock : struct, IBlock<TBlock>
    where TGroup : IGroup
{
    private readonly PartitionCore<TBlock> _core;

    private Partition(PartitionCore<TBlock> core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Partition<TBlock, TGroup>> Impl =>
        PartitionCore<TBlock>.Impl.Map(static core => new Partition<TBlock, TGroup>(core));

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <inheritdoc/>
    public static BlockInfo Info(Partition<TBlock, TGroup> block) => block._core.Info;

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        Partition<TBlock, TGroup> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
        block._core.Read(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        Partition<TBlock, TGroup> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._core.Write(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(Partition<TBlock, TGroup> block) => block._core.Flush();

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(
        Partition<TBlock, TGroup> block, long sector, long count) => block._core.Discard(sector, count);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Partition<TBlock, TGroup> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }
}
