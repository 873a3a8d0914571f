using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a block device obeys while the power holds. <see cref="CrashBlockLaws{TBlock}"/> has the
/// rest.</summary>
/// <remarks>The device may begin with any contents, and is written to unless it says that it is read-only. It may have
/// any number of sectors, none among them.</remarks>
/// <typeparam name="TBlock">The device under test.</typeparam>
public abstract partial class BlockLaws<TBlock> : DeviceLaws<TBlock> where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Whether a device that was just made reads as zeros. One that does not has contents that nobody
    /// knows.</summary>
    protected virtual bool StartsZeroed => false;

    /// <summary>Size and abilities are sane, and the same whatever is done.</summary>
    [Fact]
    public void B1_InfoIsSaneAndConstant() => Check(BlockStep.Lists, async (run, block, steps) =>
    {
        var (probe, model) = Begin(run, block);
        var info = probe.Info;
        foreach (var step in steps)
        {
            await probe.Do(step, model);
            var now = run.Call(() => TBlock.Info(block));
            run.Expect(now == info, $"{info}", $"{now}");
        }
    }, cases: 10);

    /// <summary>The bytes of the whole device can be counted.</summary>
    [Fact]
    public void B2_SizeInBytesFitsIn64Bits() => Check((run, block) =>
    {
        run.Step("Ask for the size");
        _ = new BlockProbe<TBlock>(run, block); // It sees to this before every law.
        return ValueTask.CompletedTask;
    }, cases: 1);

    /// <summary>A read gives what was written, in whatever buffers either is.</summary>
    [Fact]
    public void B3_ReadGivesWhatWasWritten() => Check(
        Pairs(BlockStepKind.Write, BlockStepKind.Read), async (run, block, steps) =>
        {
            var (probe, model) = Begin(run, block);
            var (write, read) = steps;
            await probe.Do(write, model);
            await probe.Do(read with { Place = write.Place, Sectors = write.Sectors }, model);
        });

    /// <summary>A write changes no sector but its own.</summary>
    [Fact]
    public void B4_WriteLeavesOtherSectorsAlone() => Check(
        BlockStep.One(BlockStepKind.Write), async (run, block, write) =>
        {
            const int Around = 3;
            var (probe, model) = Begin(run, block);
            var (sector, count) = write.At(probe.Info);
            var last = probe.Info.SectorCount - 1;
            long[] others =
            [
                0, .. Enumerable.Range(1, Around).Select(step => sector - step),
                .. Enumerable.Range(0, Around).Select(step => sector + count + step), last,
            ];
            foreach (var other in others.Where(other => other >= 0 && other <= last).Distinct())
                model.ExpectRead(run, other, await probe.Read(other, 1));
            await probe.Do(write, model);
            await probe.Compare(model);
        });

    /// <summary>Each sector is a place of its own: none shows what was written to another one.</summary>
    [Fact]
    public void B5_NoSectorIsAnAliasOfAnother() => Check(async (run, block) =>
    {
        var (probe, model) = Begin(run, block);
        foreach (var sector in Spread(probe.Info.SectorCount).OrderBy(_ => run.Random.Next()))
        {
            if (probe.Info.ReadOnly)
                model.ExpectRead(run, sector, await probe.Read(sector, 1));
            else
                model.Write(sector, await probe.Write(sector, 1, 1));
        }

        await probe.Compare(model);
    }, cases: 3);

    /// <summary>What was written last is what is read, after any operations.</summary>
    [Fact]
    public void B6_LastWriteCounts() => Check(BlockStep.Lists, async (run, block, steps) =>
    {
        var (probe, model) = Begin(run, block);
        foreach (var step in steps)
            await probe.Do(step, model);
        await probe.Compare(model);
    });

    /// <summary>When a transfer has completed, its buffers are the caller's again: what he writes there changes nothing
    /// on the device, and the device writes nothing there.</summary>
    [Fact]
    public void B7_BuffersAreTheCallersAfterwards() => Check(
        BlockStep.One(BlockStepKind.Write), async (run, block, write) =>
        {
            var (probe, model) = Begin(run, block);
            var (sector, count) = write.At(probe.Info);
            if (count == 0 || probe.Info.ReadOnly)
                return;
            var bytes = BlockPattern.Of(probe.Info.SectorSize, sector, count, write.Pattern);
            model.Write(sector, bytes);
            probe.Succeeds(await run.Await(BlockText.Write(sector, count, write.Pattern),
                () => TBlock.Write(block, sector, probe.Buffers(bytes, write.Split))));
            run.Step("Overwrite the buffers with zeros");
            bytes.AsSpan().Clear();
            var read = await probe.Read(sector, count);
            model.ExpectRead(run, sector, read);
            var before = read.ToArray();
            model.Write(sector, await probe.Write(sector, count, write.Pattern + 1));
            run.Expect(read.AsSpan().SequenceEqual(before), "the buffer of the read is left alone", "it was changed");
            await probe.Compare(model);
        });

    /// <summary>A flush without a write before it is no mistake.</summary>
    [Fact]
    public void B17_FlushOfNothingSucceeds() => Check(async (run, block) =>
    {
        var probe = new BlockProbe<TBlock>(run, block);
        await probe.Flush();
        await probe.Flush();
        if (!probe.Info.ReadOnly && probe.Info.SectorCount > 0)
            await probe.Write(0, 1, 1);
        await probe.Flush();
        await probe.Flush();
    }, cases: 3);

    private static (BlockProbe<TBlock> Probe, BlockModel Model) Begin(LawRun run, TBlock block)
    {
        var probe = new BlockProbe<TBlock>(run, block);
        return (probe, new BlockModel(probe.Info.SectorSize));
    }

    private static Arbitrary<(BlockStep First, BlockStep Second)> Pairs(BlockStepKind first, BlockStepKind second)
    {
        var (one, other) = (BlockStep.One(first), BlockStep.One(second));
        return Arb.From(
            from a in one.Generator
            from b in other.Generator
            select (a, b),
            pair => one.Shrinker(pair.a).Select(smaller => (smaller, pair.b))
                .Concat(other.Shrinker(pair.b).Select(smaller => (pair.a, smaller))));
    }

    // All sectors of a small device; of a large one those beside each power of two, where addresses lose their bits.
    private static IEnumerable<long> Spread(long count)
    {
        const int All = 64;
        if (count <= All)
            return Enumerable.Range(0, (int)count).Select(static sector => (long)sector);
        return Enumerable.Range(0, 63).Select(static bit => 1L << bit)
            .SelectMany(static power => new[] { power - 1, power })
            .Append(count - 1).Where(sector => sector < count).Distinct();
    }
}
