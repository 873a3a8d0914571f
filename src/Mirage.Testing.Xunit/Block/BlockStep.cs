using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Testing;

/// <summary>An operation on a device whose size is not known yet.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Place">Where: near the start, near the end, or anywhere.</param>
/// <param name="Sectors">How many sectors.</param>
/// <param name="Pattern">What is written.</param>
/// <param name="Split">Where one buffer ends and the next begins: a bit for each sector but the last.</param>
internal sealed record BlockStep(BlockStepKind Kind, int Place, int Sectors, int Pattern, int Split)
{
    /// <summary>The most sectors of one operation.</summary>
    public const int SectorsMax = 8;

    private const int PatternMax = 999;

    /// <summary>Any operations, writes most often.</summary>
    public static Arbitrary<BlockStep[]> Lists { get; } = Arb.Array(Arb.From(Any(Gen.Frequency(
        (4, Gen.Constant(BlockStepKind.Write)), (3, Gen.Constant(BlockStepKind.Read)),
        (1, Gen.Constant(BlockStepKind.Flush)), (1, Gen.Constant(BlockStepKind.Discard)))), Smaller));

    /// <summary>One operation of that kind.</summary>
    public static Arbitrary<BlockStep> One(BlockStepKind kind) => Arb.From(Any(Gen.Constant(kind)), Smaller);

    /// <summary>Operations of these kinds.</summary>
    public static Arbitrary<BlockStep[]> Some(params BlockStepKind[] kinds) =>
        Arb.Array(Arb.From(Any(Gen.Elements(kinds)), Smaller));

    /// <summary>The sectors on a device: as many as it has, and none on one that has none.</summary>
    public (long Sector, int Count) At(BlockInfo info)
    {
        var count = (int)Math.Min(Sectors, info.SectorCount);
        var last = info.SectorCount - count;
        var offset = Place / 4;
        var sector = (Place % 4) switch
        {
            0 or 1 => offset,
            2 => last - offset,
            // Beyond what 32 bits count, on a device that is so large.
            _ => last > uint.MaxValue && offset % 2 == 0
                ? uint.MaxValue - 4L + offset
                : (long)((ulong)Place * 0x9E3779B97F4A7C15 % (ulong)(last + 1)),
        };
        return (Math.Clamp(sector, 0, last), count);
    }

    private static Gen<BlockStep> Any(Gen<BlockStepKind> kinds) =>
        from kind in kinds
        from place in Gen.Choose(0, 63)
        from sectors in Gen.Choose(1, SectorsMax)
        from pattern in Gen.Choose(1, PatternMax)
        from split in Gen.Choose(0, (1 << (SectorsMax - 1)) - 1)
        select new BlockStep(kind, place, sectors, pattern, split);

    private static IEnumerable<BlockStep> Smaller(BlockStep step)
    {
        if (step.Sectors > 1)
            yield return step with { Sectors = 1 };
        // One sector less, taken out at the start or at the end.
        if (step.Sectors > 2)
            yield return step with { Sectors = step.Sectors - 1, Split = step.Split >> 1 };
        if (step.Sectors > 2)
            yield return step with { Sectors = step.Sectors - 1 };
        if (step.Split != 0)
            yield return step with { Split = 0 };
        for (var bits = step.Split; bits != 0; bits &= bits - 1)
            yield return step with { Split = step.Split & ~(bits & -bits) };
        if (step.Place != 0)
            yield return step with { Place = 0 };
        if (step.Place >= 4)
            yield return step with { Place = step.Place - 4 };
    }
}
