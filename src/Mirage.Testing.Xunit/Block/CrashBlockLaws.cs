using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a block device over a <see cref="SimDisk"/> obeys: what every block device does, and what power cuts
/// and failures of the disk leave.</summary>
/// <remarks><c>public sealed class MyLaws : CrashBlockLaws&lt;MyFunctor&lt;SimBlock&gt;&gt;;</c> has its disk from the
/// machine. A device that is made otherwise says in <see cref="Connect(Host, SimDisk)"/> how it is put on a
/// disk.</remarks>
/// <typeparam name="TBlock">The device under test.</typeparam>
public abstract class CrashBlockLaws<TBlock> : BlockLaws<TBlock> where TBlock : struct, IBlock<TBlock>
{
    private readonly ConditionalWeakTable<Host, SimDisk> _disks = [];

    /// <summary>The disk of one case.</summary>
    protected virtual SimDisk CreateDisk(ulong seed) => new(4096, 256, seed);

    /// <summary>Connects the device over <paramref name="disk"/>, which is new or what a power cut left: from its
    /// <c>Impl</c>, with the disk as the untagged one of the machine.</summary>
    protected virtual ValueTask<TBlock> Connect(Host host, SimDisk disk)
    {
        if (host is not SimHost machine)
            throw new InvalidOperationException("Power cuts are simulated: they need a SimHost.");
        machine.Attach("", disk);
        return base.Connect(host);
    }

    /// <inheritdoc/>
    protected sealed override ValueTask<TBlock> Connect(Host host) =>
        Connect(host, _disks.GetValue(host, made => CreateDisk(made is SimHost machine ? machine.Seed : 1)));

    /// <summary>What was written before a flush is there after any power cut, whatever was done since.</summary>
    [Fact]
    public void B16_FlushedWritesSurvivePowerCuts() =>
        CheckCut(static (run, model, seen) => model.ExpectFlushed(run, seen));

    /// <summary>A flush that fails says so, and every flush after it does.</summary>
    [Fact]
    public void B18_FailedFlushIsRepeated() => CheckHost(async run =>
    {
        const int Rounds = 6;
        var disk = CreateDisk(run.Seed);
        var block = await run.Await("Connect", () => Connect(run.Host, disk));
        var probe = new BlockProbe<TBlock>(run, block);
        disk.Inject(new DiskFault.FlushError(1 + run.Random.Next(3)));
        for (var round = 1; round <= Rounds && probe.Info is { SectorCount: > 0, ReadOnly: false }; round++)
        {
            await probe.Write(0, 1, round);
            var outcome = await run.Await("Flush", () => TBlock.Flush(block));
            if (disk.Counters.FlushErrors > 0)
                run.Expect(outcome.IsLeft, "an error, since a flush of the disk has failed", "success");
            else
                probe.Succeeds(outcome);
        }

        await run.Await("Disconnect", () => Release(run.Host, block));
    }, cases: 10);

    /// <summary>After a power cut an atomic unit that was not flushed is old or new, never a mix.</summary>
    [Fact]
    public void B19_UnflushedSectorsAreOldOrNew() =>
        CheckCut(static (run, model, seen) => model.ExpectOldOrNew(run, seen));

    // Operations, a power cut under one of them or after the last, and a look at what is left.
    private void CheckCut(
        Action<LawRun, CrashModel, Dictionary<long, byte[]>> check, [CallerMemberName] string name = "") =>
        CheckHost(Cuts(), async (run, input) =>
        {
            var (steps, at) = input;
            var disk = CreateDisk(run.Seed);
            var block = await run.Await("Connect", () => Connect(run.Host, disk));
            var probe = new BlockProbe<TBlock>(run, block);
            var model = new CrashModel(probe.Info);
            foreach (var sector in steps.SelectMany(step => Sectors(step, probe.Info)).Distinct().Order())
                model.Begin(sector, await probe.Read(sector, 1));
            var cut = new TaskCompletionSource();
            disk.CutPowerAt(at, cut.SetResult);
            foreach (var step in steps)
            {
                if (!cut.Task.IsCompleted)
                    await Do(run, block, step, model, cut.Task);
            }

            run.Step("Power cut");
            disk.Crash();
            var survivor = await run.Await("Connect", () => Connect(run.Host, disk));
            probe = new BlockProbe<TBlock>(run, survivor);
            var seen = new Dictionary<long, byte[]>();
            foreach (var sector in model.Sectors)
                seen[sector] = await probe.Read(sector, 1);
            check(run, model, seen);
            await run.Await("Disconnect", () => Release(run.Host, survivor));
        }, name: name);

    private static async ValueTask Do(LawRun run, TBlock block, BlockStep step, CrashModel model, Task cut)
    {
        var info = TBlock.Info(block);
        var (sector, count) = step.At(info);
        if (step.Kind is BlockStepKind.Flush)
        {
            if (await Answers("Flush", () => TBlock.Flush(block)))
                model.Flush();
        }
        else if (step.Kind is BlockStepKind.Write && count > 0 && !info.ReadOnly)
        {
            var bytes = BlockPattern.Of(info.SectorSize, sector, count, step.Pattern);
            model.Write(sector, bytes);
            await Answers(BlockText.Write(sector, count, step.Pattern),
                () => TBlock.Write(block, sector, [bytes]));
        }
        else if (step.Kind is BlockStepKind.Discard && count > 0 && info is { ReadOnly: false, CanDiscard: true })
        {
            model.Write(sector, new byte[count * info.SectorSize], eachAlone: true);
            await Answers(BlockText.Discard(sector, count), () => TBlock.Discard(block, sector, count));
        }

        // Whether it was done before the power went.
        async ValueTask<bool> Answers(string text, Func<ValueTask<Either<BlockError, Unit>>> act)
        {
            var answer = await run.Await(text, async () =>
            {
                var task = act().AsTask();
                return await Task.WhenAny(task, cut) == task ? BlockText.Outcome(await task) : null;
            });
            if (answer is not null)
                run.ExpectEqual("success", answer);
            return answer is not null;
        }
    }

    // The later the cut, the more often it is after the last operation.
    private static Arbitrary<(BlockStep[] Steps, int At)> Cuts()
    {
        var lists = BlockStep.Some(
            BlockStepKind.Write, BlockStepKind.Write, BlockStepKind.Flush, BlockStepKind.Discard);
        return Arb.From(
            from steps in lists.Generator
            from at in Gen.Choose(1, (2 * steps.Length) + 1)
            select (steps, at),
            input => lists.Shrinker(input.steps).Select(smaller => (smaller, input.at))
                .Concat(Enumerable.Range(1, input.at - 1).Select(earlier => (input.steps, earlier))));
    }
}
