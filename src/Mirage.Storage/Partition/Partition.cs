using LanguageExt;

namespace Mirage.Storage;

/// <summary>A partition of a block device, chosen by <c>--partition</c>: MirageOS's partition. The device has a GPT or
/// an MBR, see <see cref="PartitionTable"/>.</summary>
/// <remarks>It is itself a block device, and can have partitions. <see cref="Partition{TBlock,TGroup}"/> are the
/// further ones of the same device.</remarks>
/// <typeparam name="TBlock">The whole device.</typeparam>
public readonly struct Partition<TBlock> : IBlock<Partition<TBlock>>
    where TBlock : struct, IBlock<TBlock>
{
    private readonly PartitionCore<TBlock> _core;

    private Partition(PartitionCore<TBlock> core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Partition<TBlock>> Impl =>
        PartitionCore<TBlock>.Impl.Map(static core => new Partition<TBlock>(core));

    /// <inheritdoc/>
    public static BlockInfo Info(Partition<TBlock> block) => block._core.Info;

    /// <summary>The partition of <paramref name="block"/> that is <paramref name="entry"/> of its table.</summary>
    public static Partition<TBlock> Over(TBlock block, PartitionEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var count = TBlock.Info(block).SectorCount;
        ArgumentOutOfRangeException.ThrowIfNegative(entry.First, nameof(entry));
        ArgumentOutOfRangeException.ThrowIfNegative(entry.Count, nameof(entry));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.First, count - entry.Count, nameof(entry));
        return new(new PartitionCore<TBlock>(block, entry.First, entry.Count));
    }

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        Partition<TBlock> block, long sector, IReadOnlyList<Memory<byte>> buffers) => block._core.Read(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        Partition<TBlock> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._core.Write(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(Partition<TBlock> block) => block._core.Flush();

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(Partition<TBlock> block, long sector, long count) =>
        block._core.Discard(sector, count);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Partition<TBlock> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }
}
