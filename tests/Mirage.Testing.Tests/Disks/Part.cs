using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>A part of a block device: the smallest functor over one.</summary>
public readonly struct Part<TBlock> : IBlock<Part<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private const long Before = 3, After = 2;

    private readonly Core _core;

    private Part(Core core) => _core = core;

    public static Impl<Part<TBlock>> Impl => Mirage.Impl.Of<TBlock>().Map(Over);

    public static Part<TBlock> Over(TBlock block) => new(new Core(block));

    public static BlockInfo Info(Part<TBlock> block) => block._core.Info;

    public static ValueTask<Either<BlockError, Unit>> Read(
        Part<TBlock> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
        block._core.Refusal(sector, buffers.Select(static buffer => buffer.Length)) is { } error
            ? new(error)
            : TBlock.Read(block._core.Block, sector + Before, buffers);

    public static ValueTask<Either<BlockError, Unit>> Write(
        Part<TBlock> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._core.Refusal(sector, buffers.Select(static buffer => buffer.Length)) is { } error
            ? new(error)
            : TBlock.Write(block._core.Block, sector + Before, buffers);

    public static ValueTask<Either<BlockError, Unit>> Flush(Part<TBlock> block) => TBlock.Flush(block._core.Block);

    public static ValueTask<Either<BlockError, Unit>> Discard(Part<TBlock> block, long sector, long count) =>
        block._core.Refusal(sector, count) is { } error
            ? new(error)
            : TBlock.Discard(block._core.Block, sector + Before, count);

    public static ValueTask Disconnect(Part<TBlock> device)
    {
        device._core.IsDisconnected = true;
        return TBlock.Disconnect(device._core.Block);
    }

    private sealed class Core(TBlock block)
    {
        public TBlock Block => block;

        // The device below says that it is disconnected, and what is no whole sector.
        public bool IsDisconnected { get; set; }

        public BlockInfo Info { get; } = TBlock.Info(block) with
        {
            SectorCount = Math.Max(0, TBlock.Info(block).SectorCount - Before - After),
        };

        public BlockError.OutOfBounds? Refusal(long sector, IEnumerable<int> lengths)
        {
            var bytes = 0L;
            foreach (var length in lengths)
            {
                if (length % Info.SectorSize != 0)
                    return null;
                bytes += length;
            }

            return Refusal(sector, bytes / Info.SectorSize);
        }

        public BlockError.OutOfBounds? Refusal(long sector, long count) =>
            !IsDisconnected && (sector < 0 || sector > Info.SectorCount - count) ? new(sector, count) : null;
    }
}
