using Xunit;

namespace Mirage.Testing;

public abstract partial class BlockLaws<TBlock>
{
    private const int TogetherMax = 8;

    /// <summary>Operations under way at once leave each sector as one of them made it, never a blend; a read among them
    /// sees sectors of old or new, and no others.</summary>
    [Fact]
    public void B21_OperationsAtOnceNeverBlendInASector() => Check(
        BlockStep.Some(BlockStepKind.Write, BlockStepKind.Write, BlockStepKind.Read), async (run, block, steps) =>
        {
            var (probe, model) = Begin(run, block);
            var info = probe.Info;
            // Close together, so that they meet.
            var near = steps.Take(TogetherMax).Select(step => step with { Place = step.Place % 8 / 4 * 4 })
                .Where(step => step.At(info).Count > 0 && !info.ReadOnly).ToList();
            var values = new Dictionary<long, List<byte[]>>();
            foreach (var sector in near.SelectMany(step => Sectors(step, info)).Distinct().Order())
                values[sector] = [await probe.Read(sector, 1)];
            var finals = values.Keys.ToDictionary(static sector => sector, static _ => new List<byte[]>());
            foreach (var step in near.Where(static step => step.Kind is BlockStepKind.Write))
            {
                foreach (var sector in Sectors(step, info))
                {
                    values[sector].Add(BlockPattern.Of(info.SectorSize, sector, 1, step.Pattern));
                    finals[sector].Add(values[sector][^1]);
                }
            }

            await Task.WhenAll(near.Select(step => One(step).AsTask()).ToList());
            foreach (var (sector, written) in finals.Where(static pair => pair.Value.Count > 0))
                IsOneOf(run, sector, await probe.Read(sector, 1), written);

            async ValueTask One(BlockStep step)
            {
                var (sector, count) = step.At(info);
                if (step.Kind is BlockStepKind.Write)
                {
                    await probe.Write(sector, count, step.Pattern, step.Split);
                    return;
                }

                var bytes = await probe.Read(sector, count, step.Split);
                for (var index = 0; index < count; index++)
                    IsOneOf(run, sector + index, bytes.AsSpan(index * info.SectorSize, info.SectorSize),
                        values[sector + index]);
            }
        });

    private protected static IEnumerable<long> Sectors(BlockStep step, BlockInfo info)
    {
        var (sector, count) = step.At(info);
        return Enumerable.Range(0, count).Select(index => sector + index);
    }

    private static void IsOneOf(LawRun run, long sector, ReadOnlySpan<byte> seen, List<byte[]> allowed)
    {
        foreach (var value in allowed)
        {
            if (seen.SequenceEqual(value))
                return;
        }

        run.Fail($"sector {sector} holds {string.Join(" or ", allowed.Select(value => BlockPattern.Describe(value)))}",
            BlockPattern.Describe(seen));
    }
}
