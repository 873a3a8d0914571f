using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>A disk whose flush does nothing: what was acknowledged is lost with the power.</summary>
public readonly struct Forgetful<TBlock> : IBlock<Forgetful<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private readonly TBlock _block;

    private Forgetful(TBlock block) => _block = block;

    public static Impl<Forgetful<TBlock>> Impl =>
        Mirage.Impl.Of<TBlock>().Map(static block => new Forgetful<TBlock>(block));

    public static BlockInfo Info(Forgetful<TBlock> block) => TBlock.Info(block._block);

    public static ValueTask<Either<BlockError, Unit>> Read(
        Forgetful<TBlock> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
        TBlock.Read(block._block, sector, buffers);

    public static ValueTask<Either<BlockError, Unit>> Write(
        Forgetful<TBlock> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        TBlock.Write(block._block, sector, buffers);

    public static ValueTask<Either<BlockError, Unit>> Flush(Forgetful<TBlock> block) =>
        new(Prelude.Right<BlockError, Unit>(Prelude.unit));
}
