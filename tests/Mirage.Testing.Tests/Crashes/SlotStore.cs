using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>The smallest store that survives power cuts: a number, in two slots written in turn, each with a counter
/// and a sum. The switches take its care away.</summary>
internal sealed class SlotStore<TBlock>(TBlock block) where TBlock : struct, IBlock<TBlock>
{
    private long _generation;

    public long Value { get; private set; }

    public bool Flushes { get; init; } = true;

    public bool Sums { get; init; } = true;

    public bool TakesTurns { get; init; } = true;

    private int SectorSize => TBlock.Info(block).SectorSize;

    public async ValueTask Open()
    {
        for (var slot = 0; slot < 2; slot++)
        {
            var bytes = new byte[SectorSize];
            Check(await TBlock.Read(block, slot, [bytes]));
            var (generation, value) = (Number(bytes, 0), Number(bytes, SectorSize - 16));
            if (generation > _generation && (!Sums || Number(bytes, SectorSize - 8) == Sum(generation, value)))
                (_generation, Value) = (generation, value);
        }
    }

    /// <summary>Durable when it completes.</summary>
    public async ValueTask Set(long value)
    {
        var bytes = new byte[SectorSize];
        var generation = _generation + 1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes, generation);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(SectorSize - 16), value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(SectorSize - 8), Sum(generation, value));
        Check(await TBlock.Write(block, TakesTurns ? generation % 2 : 0, [bytes]));
        if (Flushes)
            Check(await TBlock.Flush(block));
        (_generation, Value) = (generation, value);
    }

    private static long Number(byte[] bytes, int offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset));

    private static long Sum(long generation, long value) => (generation * 1_000_003) ^ value;

    private static Unit Check(Either<BlockError, Unit> outcome) =>
        outcome.IfLeft(error => throw new InvalidOperationException(error.ToString()));
}
