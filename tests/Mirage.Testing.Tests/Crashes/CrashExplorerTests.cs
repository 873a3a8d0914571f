namespace Mirage.Testing.Tests;

public sealed class CrashExplorerTests
{
    private const int SectorSize = 4096;

    [Theory]
    [InlineData(SectorSize)]
    [InlineData(512)]
    [InlineData(1)]
    public void CarefulStore_EveryPowerCut_KeepsWhatWasAcknowledged(int atomicBytes)
    {
        var report = CrashExplorer.Check(Scenario(atomicBytes, block => new SlotStore<SimBlock>(block)));
        Assert.Equal(atomicBytes == SectorSize, report.IsExhaustive);
        // Five numbers are ten operations, and there is a cut at the end.
        Assert.InRange(report.Cuts, 11, 100_000);
        Assert.InRange(report.Outcomes, 16, 100_000);
    }

    [Fact]
    public void StoreWithoutAFlush_PowerCut_LosesWhatWasAcknowledged()
    {
        var failure = Failure(SectorSize, block => new SlotStore<SimBlock>(block) { Flushes = false });
        Assert.Equal("0 is read, and 1 was acknowledged", failure.Reason);
        // The write is lost at the next operation, which is kept and of no use before its time.
        Assert.Equal(["lost: sector 1, 1 sector"], failure.Damage.Take(1));
        Assert.Contains("1. read sector 0, 1 sector", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("The power is cut:", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void StoreInOneSlot_TornWrite_LosesBothValues()
    {
        var failure = Failure(512, block => new SlotStore<SimBlock>(block) { TakesTurns = false });
        Assert.Equal("0 is read, and 1 was acknowledged", failure.Reason);
        Assert.StartsWith("torn after ", Assert.Single(failure.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void StoreWithoutASum_TornWrite_ReadsWhatNobodyWrote()
    {
        var failure = Failure(512, block => new SlotStore<SimBlock>(block) { Sums = false });
        Assert.Contains("is read, and", failure.Reason, StringComparison.Ordinal);
        Assert.StartsWith("torn after ", Assert.Single(failure.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void RecoveryThatDestroysBeforeItWrites_SecondPowerCut_IsFound()
    {
        // The check moves the value to sector 7 and clears its old place first.
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Check = async (host, disk, numbers) =>
            {
                var block = SimBlock.Over(host, disk);
                var (slot, moved) = (new byte[SectorSize], new byte[SectorSize]);
                await SimBlock.Read(block, 1, [slot]);
                await SimBlock.Read(block, 7, [moved]);
                if (numbers.Acknowledged < 1)
                    return null;
                if (slot.All(static value => value == 0) && moved.All(static value => value == 0))
                    return "both places are empty";
                await SimBlock.Write(block, 1, [new byte[SectorSize]]);
                await SimBlock.Flush(block);
                await SimBlock.Write(block, 7, [slot]);
                await SimBlock.Flush(block);
                return null;
            },
        };
        Assert.Null(CrashExplorer.Explore(scenario, new() { Depth = 1 }).Failure);
        var failure = CrashExplorer.Explore(scenario, new() { Depth = 2 }).Failure;
        Assert.Equal("both places are empty", failure?.Reason);
        Assert.Contains("power cut", failure!.Operations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RecoveryThatCountsItsCuts_AsManyAsAreTried_AreSeen(int depth)
    {
        var most = 0;
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Check = async (host, disk, _) =>
            {
                var block = SimBlock.Over(host, disk);
                var counter = new byte[SectorSize];
                await SimBlock.Read(block, 7, [counter]);
                most = Math.Max(most, ++counter[0]);
                await SimBlock.Write(block, 7, [counter]);
                await SimBlock.Flush(block);
                await SimBlock.Write(block, 7, [new byte[SectorSize]]);
                await SimBlock.Flush(block);
                return null;
            },
        };
        var report = CrashExplorer.Check(scenario, new() { Depth = depth, Deeper = 500 });
        Assert.Equal(depth, most);
        Assert.InRange(report.Outcomes, 16, 16 + 100 + ((depth - 1) * 500));
    }

    [Fact]
    public void CheckThatThrows_Exploration_SaysSo()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Check = static (_, _, _) => throw new FormatException("no magic"),
        };
        Assert.Equal("FormatException: no magic", CrashExplorer.Explore(scenario).Failure?.Reason);
        Assert.Throws<CrashException>(() => CrashExplorer.Check(scenario));
    }

    [Fact]
    public void CheckThatNeverEnds_Exploration_SaysSoInNoTime()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Check = static async (_, _, _) => await new TaskCompletionSource<string?>().Task,
        };
        Assert.StartsWith("it did not end within 00:10:00", CrashExplorer.Explore(scenario).Failure?.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WorkThatWritesForEver_ToADiskWithoutLatency_SaysSo()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Work = static async (host, disk, _) =>
            {
                var block = SimBlock.Over(host, disk);
                while (true)
                    await SimBlock.Write(block, 0, [new byte[SectorSize]]);
            },
        };
        var failure = CrashExplorer.Explore(scenario, new() { Requests = 5000 }).Failure;
        Assert.Equal("the work itself fails: it did not end within 5000 requests to its disk", failure?.Reason);
        Assert.Contains("\n  4001 before these\n", failure!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckThatReadsForEver_SaysSo()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Check = static async (host, disk, _) =>
            {
                var block = SimBlock.Over(host, disk);
                while (true)
                    await SimBlock.Read(block, 0, [new byte[SectorSize]]);
            },
        };
        Assert.Equal("it did not end within 100000 requests to its disk",
            CrashExplorer.Explore(scenario).Failure?.Reason);
    }

    [Fact]
    public void WorkThatYieldsForEver_SaysThatTimeStands()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Work = static async (_, _, _) =>
            {
                while (true)
                    await Task.Yield();
            },
        };
        Assert.StartsWith("the work itself fails: InvalidOperationException: Virtual time stands",
            CrashExplorer.Explore(scenario).Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LimitsThatAllowNothing_AreRefused()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block));
        Assert.All(
            new CrashLimits[]
            {
                new() { Cuts = 0 }, new() { Outcomes = 0 }, new() { Depth = -1 }, new() { Deeper = -1 },
                new() { Requests = 0 }, new() { Time = TimeSpan.FromSeconds(-5) },
                new() { Time = TimeSpan.FromDays(50) },
            },
            limits => Assert.Throws<ArgumentOutOfRangeException>(() => CrashExplorer.Explore(scenario, limits)));
        Assert.Null(CrashExplorer.Explore(scenario, new() { Time = TimeSpan.FromDays(49), Depth = 1 }).Failure);
    }

    [Fact]
    public void WorkThatFails_Exploration_SaysSo()
    {
        var scenario = Scenario(SectorSize, block => new SlotStore<SimBlock>(block)) with
        {
            Work = static (_, _, _) => throw new FormatException("no disk"),
        };
        Assert.Equal("the work itself fails: FormatException: no disk",
            CrashExplorer.Explore(scenario).Failure?.Reason);
    }

    [Fact]
    public void ManyUnflushedWrites_Exploration_IsBoundedAndSaysThatItIsASample()
    {
        var scenario = new CrashScenario<Numbers>
        {
            Disk = static () => new SimDisk(512, 64),
            State = static () => new Numbers(),
            Work = static async (host, disk, _) =>
            {
                var block = SimBlock.Over(host, disk);
                for (var sector = 0; sector < 50; sector++)
                    await SimBlock.Write(block, sector, [new byte[512]]);
            },
            Check = static (_, _, _) => new((string?)null),
        };
        var report = CrashExplorer.Check(scenario, new() { Outcomes = 20, Cuts = 10 });
        Assert.False(report.IsExhaustive);
        Assert.Equal(11, report.Cuts);
        Assert.InRange(report.Outcomes, 11, 11 * 20);
    }

    private static CrashFailure Failure(int atomicBytes, Func<SimBlock, SlotStore<SimBlock>> open) =>
        CrashExplorer.Explore(Scenario(atomicBytes, open)).Failure ??
        throw new InvalidOperationException("Nothing was found.");

    private static CrashScenario<Numbers> Scenario(int atomicBytes, Func<SimBlock, SlotStore<SimBlock>> open) => new()
    {
        Disk = () => new SimDisk(SectorSize, 8) { AtomicBytes = atomicBytes },
        State = static () => new Numbers(),
        Work = async (host, disk, numbers) =>
        {
            var store = open(SimBlock.Over(host, disk));
            await store.Open();
            for (numbers.Begun = 1; numbers.Begun <= 5; numbers.Begun++)
            {
                await store.Set(numbers.Begun);
                numbers.Acknowledged = numbers.Begun;
            }
        },
        Check = async (host, disk, numbers) =>
        {
            var store = open(SimBlock.Over(host, disk));
            await store.Open();
            return store.Value == numbers.Acknowledged || store.Value == numbers.Begun
                ? null
                : $"{store.Value} is read, and {numbers.Acknowledged} was acknowledged";
        },
    };

    private sealed class Numbers
    {
        public long Begun { get; set; }

        public long Acknowledged { get; set; }
    }
}
