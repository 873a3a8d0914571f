using LanguageExt;

namespace Mirage.Storage;

/// <summary>The device below a store, asked in bytes that are whole sectors: what lies above has no need to know its
/// type.</summary>
internal abstract class CowDevice
{
    public abstract BlockInfo Info { get; }

    public abstract ValueTask<CowFault?> Read(long offset, Memory<byte> buffer);

    public abstract ValueTask<CowFault?> Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers);

    public abstract ValueTask<CowFault?> Flush();
}

/// <inheritdoc/>
internal sealed class CowDevice<TBlock>(TBlock block) : CowDevice where TBlock : struct, IBlock<TBlock>
{
    public override BlockInfo Info { get; } = TBlock.Info(block);

    public override async ValueTask<CowFault?> Read(long offset, Memory<byte> buffer) =>
        Fault(await TBlock.Read(block, offset / Info.SectorSize, [buffer]));

    public override async ValueTask<CowFault?> Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        Fault(await TBlock.Write(block, offset / Info.SectorSize, buffers));

    public override async ValueTask<CowFault?> Flush() => Fault(await TBlock.Flush(block));

    private static CowFault? Fault(Either<BlockError, Unit> answer) => answer.MatchUnsafe<CowFault?>(
        Right: static _ => null,
        Left: static error => new CowFault.Device(error));
}
