using LanguageExt;
using Xunit;

namespace Mirage.Testing;

public abstract partial class BlockLaws<TBlock>
{
    /// <summary>A buffer that is no whole number of sectors is refused, and nothing is transferred.</summary>
    [Fact]
    public void B8_BufferThatIsNoWholeSectorIsRefused() => Check(
        BlockStep.One(BlockStepKind.Write), async (run, block, step) =>
        {
            var (probe, model) = Begin(run, block);
            var (sector, count) = step.At(probe.Info);
            if (count == 0)
                return;
            model.ExpectRead(run, sector, await probe.Read(sector, count));
            var odd = 1 + run.Random.Next(probe.Info.SectorSize - 1);
            // The first list is as long as a sector in all, and neither of its buffers is.
            var size = probe.Info.SectorSize;
            foreach (var lengths in new int[][] { [odd, size - odd], [odd], [size, odd] })
            {
                var text = string.Join(" and ", lengths);
                if (!probe.Info.ReadOnly)
                    probe.Refuses<BlockError.BadAlignment>(await run.Await($"Write sector {sector}, {text} bytes",
                        () => TBlock.Write(block, sector, [.. lengths.Select(OfOnes)])));
                probe.Refuses<BlockError.BadAlignment>(await run.Await($"Read sector {sector}, {text} bytes",
                    () => TBlock.Read(
                        block, sector, [.. lengths.Select(static length => new byte[length].AsMemory())])));
            }

            await probe.Compare(model);
        });

    /// <summary>A transfer of no buffers, and one of empty buffers, succeeds and changes nothing.</summary>
    [Fact]
    public void B9_EmptyTransferSucceeds() => Check(async (run, block) =>
    {
        var (probe, model) = Begin(run, block);
        if (probe.Info.SectorCount > 0)
            model.ExpectRead(run, 0, await probe.Read(0, 1));
        foreach (var sector in new[] { 0, probe.Info.SectorCount }.Distinct())
        {
            probe.Succeeds(await run.Await($"Read sector {sector}, no buffers", () => TBlock.Read(block, sector, [])));
            probe.Succeeds(await run.Await($"Read sector {sector}, an empty buffer",
                () => TBlock.Read(block, sector, [Memory<byte>.Empty])));
            if (probe.Info.ReadOnly)
                continue;
            probe.Succeeds(await run.Await($"Write sector {sector}, no buffers",
                () => TBlock.Write(block, sector, [])));
            probe.Succeeds(await run.Await($"Write sector {sector}, an empty buffer",
                () => TBlock.Write(block, sector, [ReadOnlyMemory<byte>.Empty])));
        }

        await probe.Compare(model);
    }, cases: 3);

    /// <summary>A transfer that is not all on the device is refused, and no part of it is done.</summary>
    [Fact]
    public void B10_OutOfRangeIsRefusedWhole() => Check(
        BlockStep.One(BlockStepKind.Write), async (run, block, step) =>
        {
            var (probe, model) = Begin(run, block);
            var size = probe.Info.SectorCount;
            for (var sector = Math.Max(0, size - BlockStep.SectorsMax); sector < size; sector++)
                model.ExpectRead(run, sector, await probe.Read(sector, 1));
            var past = 1 + run.Random.Next(step.Sectors);
            long[] outside = [-1, long.MinValue, size - step.Sectors + past, size + 1, long.MaxValue];
            foreach (var sector in outside.Distinct())
                await RefusesOutOfBounds(run, block, probe, sector, step.Sectors);
            await probe.Compare(model);
        });

    /// <summary>The last sector can be written and read, and the one past it cannot.</summary>
    [Fact]
    public void B11_LastSectorIsThereAndTheNextIsNot() => Check(async (run, block) =>
    {
        var (probe, model) = Begin(run, block);
        var last = probe.Info.SectorCount - 1;
        if (last >= 0 && !probe.Info.ReadOnly)
            model.Write(last, await probe.Write(last, 1, 1));
        if (last >= 0)
            model.ExpectRead(run, last, await probe.Read(last, 1));
        await RefusesOutOfBounds(run, block, probe, last + 1, 1);
        await probe.Compare(model);
    }, cases: 3);

    /// <summary>A device that says that it is read-only refuses what would change it, stays as it is, and flushes.
    /// One that does not say so takes writes, which the other laws see to.</summary>
    [Fact]
    public void B12_ReadOnlyDeviceIsNotChanged() => Check(
        BlockStep.One(BlockStepKind.Write), async (run, block, step) =>
    {
        var (probe, model) = Begin(run, block);
        var (sector, count) = step.At(probe.Info);
        if (count == 0 || !probe.Info.ReadOnly)
            return;
        model.ExpectRead(run, sector, await probe.Read(sector, count));
        var bytes = BlockPattern.Of(probe.Info.SectorSize, sector, count, step.Pattern);
        probe.Refuses<BlockError.ReadOnly>(await run.Await(
            BlockText.Write(sector, count, step.Pattern),
            () => TBlock.Write(block, sector, probe.Buffers(bytes, step.Split))));
        var discarded = await run.Await(BlockText.Discard(sector, count),
            () => TBlock.Discard(block, sector, count));
        if (discarded.Case is not BlockError.Unsupported)
            probe.Refuses<BlockError.ReadOnly>(discarded);
        await probe.Flush();
        await probe.Compare(model);
    });

    /// <summary>Every operation on a disconnected device answers that it is disconnected.</summary>
    [Fact]
    public void B13_AfterDisconnectEveryOperationSaysSo() => CheckAfterDisconnect(
        BlockText.Outcome(new BlockError.Disconnected()),
        [
            ("Read sector 0, no buffers", async block => BlockText.Outcome(await TBlock.Read(block, 0, []))),
            ("Read sector -1, 512 bytes",
                async block => BlockText.Outcome(await TBlock.Read(block, -1, [new byte[512]]))),
            ("Write sector 0, no buffers", async block => BlockText.Outcome(await TBlock.Write(block, 0, []))),
            ("Write sector -1, 512 bytes",
                async block => BlockText.Outcome(await TBlock.Write(block, -1, [new byte[512]]))),
            ("Flush", async block => BlockText.Outcome(await TBlock.Flush(block))),
        ]);

    /// <summary>A sector that was not written reads the same each time: as zeros where
    /// <see cref="StartsZeroed"/>.</summary>
    [Fact]
    public void B14_UnwrittenSectorsAreStable() => Check(
        BlockStep.Some(BlockStepKind.Read), async (run, block, steps) =>
    {
        var (probe, model) = Begin(run, block);
        foreach (var step in steps)
        {
            var (sector, count) = step.At(probe.Info);
            if (StartsZeroed)
                model.Write(sector, new byte[count * probe.Info.SectorSize]);
            await probe.Do(step, model);
        }

        await probe.Compare(model);
    }, cases: 20);

    /// <summary>What was discarded reads as zeros, can be written again, and its neighbours stay. A device that cannot
    /// discard says so.</summary>
    [Fact]
    public void B15_DiscardedSectorsReadAsZeros() => Check(
        Pairs(BlockStepKind.Write, BlockStepKind.Discard), async (run, block, steps) =>
        {
            var (probe, model) = Begin(run, block);
            var (write, discard) = steps;
            var (sector, count) = discard.At(probe.Info);
            if (!probe.Info.CanDiscard)
            {
                probe.Refuses<BlockError.Unsupported>(await run.Await(BlockText.Discard(sector, count),
                    () => TBlock.Discard(block, sector, count)));
                return;
            }

            if (probe.Info.ReadOnly)
                return;
            for (var place = 0; place < probe.Info.SectorCount && place < 2 * BlockStep.SectorsMax; place++)
                model.Write(place, await probe.Write(place, 1, write.Pattern));
            await probe.Do(discard, model);
            await probe.Discard(sector, 0);
            await probe.Compare(model);
            await probe.Do(write, model);
            await probe.Compare(model);
            probe.Refuses<BlockError.OutOfBounds>(await run.Await($"Discard sector {sector}, all and one sectors",
                () => TBlock.Discard(block, sector, probe.Info.SectorCount - sector + 1)));
            await probe.Compare(model);
        });

    private static ReadOnlyMemory<byte> OfOnes(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(byte.MaxValue);
        return bytes;
    }

    private static async ValueTask RefusesOutOfBounds(
        LawRun run, TBlock block, BlockProbe<TBlock> probe, long sector, int count)
    {
        var bytes = new byte[count * probe.Info.SectorSize];
        probe.Refuses<BlockError.OutOfBounds>(await run.Await(
            BlockText.Read(sector, count), () => TBlock.Read(block, sector, [bytes.AsMemory()])));
        if (!probe.Info.ReadOnly)
            probe.Refuses<BlockError.OutOfBounds>(await run.Await($"{BlockText.Write(sector, count)} of ones",
                () => TBlock.Write(block, sector, [OfOnes(bytes.Length)])));
    }
}
