using Xunit;

namespace Mirage.Testing;

public abstract partial class BlockLaws<TBlock>
{
    /// <summary>A device that grows reads as zeros where it is new, and one that shrinks keeps what it still has: what
    /// a resize took away does not come back. A device that cannot be resized says so.</summary>
    [Fact]
    public void B23_ResizeKeepsTheFrontAndGrowsByZeros() => Check(
        Pairs(BlockStepKind.Write, BlockStepKind.Write), async (run, block, steps) =>
        {
            var probe = new BlockProbe<TBlock>(run, block);
            var old = probe.Info;
            if (!old.CanResize || old.ReadOnly)
            {
                var refusal = await probe.Resize(old.SectorCount);
                if (refusal.Case is not BlockError.Unsupported)
                    probe.Refuses<BlockError.ReadOnly>(refusal);
                return;
            }

            // Near the end, where the resizes are.
            var (first, second) = (steps.First with { Place = 2 }, steps.Second with { Place = 2 });
            var model = new BlockModel(old.SectorSize);
            await probe.Do(first, model);
            var more = old.SectorCount + second.Sectors;
            probe = await Resized(run, block, old, more);
            model.Write(old.SectorCount, new byte[second.Sectors * old.SectorSize]);
            await probe.Compare(model);
            await probe.Do(second, model);

            var less = Math.Max(0, old.SectorCount - run.Random.Next(first.Sectors + 1));
            probe = await Resized(run, block, old, less);
            await RefusesOutOfBounds(run, block, probe, less, 1);
            probe = await Resized(run, block, old, more);
            model.Write(less, new byte[(more - less) * old.SectorSize]);
            await probe.Compare(model);
            await probe.Flush();
            probe.Refuses<BlockError.OutOfBounds>(await probe.Resize(-1));
            probe.Refuses<BlockError.NoSpace>(await probe.Resize(long.MaxValue));
            await probe.Compare(model);
        }, cases: 20);

    private static async ValueTask<BlockProbe<TBlock>> Resized(
        LawRun run, TBlock block, BlockInfo old, long sectorCount)
    {
        var probe = new BlockProbe<TBlock>(run, block);
        probe.Succeeds(await probe.Resize(sectorCount));
        var now = new BlockProbe<TBlock>(run, block);
        run.Expect(now.Info == old with { SectorCount = sectorCount }, $"{old with { SectorCount = sectorCount }}",
            $"{now.Info}");
        return now;
    }
}
