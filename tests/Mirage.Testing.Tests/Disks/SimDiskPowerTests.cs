namespace Mirage.Testing.Tests;

public sealed class SimDiskPowerTests
{
    [Fact]
    public void FlushedWrites_AnyCrash_AreLeft()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var disk = new SimDisk(512, 8, seed);
            Run(disk, async probe =>
            {
                await probe.Write(0, 1, 2, 3);
                await probe.Flush();
                await probe.Write(3, 4);
            });
            disk.Crash();
            Assert.Equal([1, 2, 3], DiskProbe.Peek(disk, 0, 3));
        }
    }

    [Fact]
    public void UnflushedWrites_ManyCrashes_LeaveEverySubset()
    {
        var seen = new HashSet<string>();
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var disk = new SimDisk(512, 8, seed);
            Run(disk, probe => Ignore(probe.Write(0, 1, 2, 3)));
            disk.Crash();
            seen.Add(string.Join(',', DiskProbe.Peek(disk, 0, 3)));
        }

        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void AtomicUnit_ManyCrashes_IsNeverMixed()
    {
        var seen = new HashSet<string>();
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var disk = new SimDisk(new BlockInfo(512, 8) { AtomicSectors = 4 }, seed);
            Run(disk, probe => Ignore(probe.Write(2, 1, 1, 2, 2, 2, 2)));
            disk.Crash();
            seen.Add(string.Join("", DiskProbe.Peek(disk, 2, 6)));
        }

        Assert.Equal(["000000", "002222", "110000", "112222"], seen.Order());
    }

    [Fact]
    public void DiskThatTearsAt512_ManyCrashes_SplitsSectorsThereAndNowhereElse()
    {
        var lengths = new HashSet<int>();
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var disk = new SimDisk(4096, 2, seed) { AtomicBytes = 512 };
            Run(disk, probe => Ignore(probe.Write(0, 1)));
            disk.Crash();
            var bytes = new byte[4096];
            disk.Peek(0, bytes);
            var length = bytes.AsSpan().IndexOf((byte)0) is var end and >= 0 ? end : bytes.Length;
            Assert.False(bytes.AsSpan(length).ContainsAnyExcept((byte)0));
            lengths.Add(length);
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(part => part * 512), lengths.Order());
    }

    [Fact]
    public void WritesOfOneSector_ManyCrashes_LandInAnyOrder()
    {
        var seen = new HashSet<byte>();
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var disk = new SimDisk(512, 8, seed);
            Run(disk, async probe =>
            {
                await probe.Write(0, 1);
                await probe.Write(0, 2);
                await probe.Write(0, 3);
            });
            disk.Crash();
            seen.Add(DiskProbe.Peek(disk, 0, 1)[0]);
        }

        Assert.Equal<byte>([0, 1, 2, 3], seen.Order());
    }

    [Fact]
    public void Choice_OfPendingWrites_IsWhatIsLeft()
    {
        var disk = new SimDisk(512, 8);
        Run(disk, async probe =>
        {
            await probe.Write(0, 1, 2);
            await probe.Write(1, 3);
        });
        Assert.Equal([(0L, 1), (1L, 2), (1L, 3)],
            disk.Pending.Select(write => (write.Sector, (int)write.Bytes.Span[0])));
        disk.Crash([new(2), new(1)]);
        Assert.Equal([0, 2], DiskProbe.Peek(disk, 0, 2));
        Assert.Empty(disk.Pending);
        Assert.Equal((1, 1), (disk.Counters.Crashes, disk.Counters.DroppedWrites));
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(-1, 512)]
    [InlineData(0, 0)]
    [InlineData(0, 511)]
    public void Choice_ThatNoPowerCutLeaves_IsACallersMistake(int pending, int bytes)
    {
        var disk = new SimDisk(4096, 8);
        Run(disk, probe => Ignore(probe.Write(0, 1)));
        Assert.Throws<ArgumentException>(() => disk.Crash([new Survivor(pending, bytes)]));
    }

    [Fact]
    public void PowerCutAtTheSecondOperation_Machine_GetsNoAnswerAndTheWriteIsInFlight()
    {
        var disk = new SimDisk(512, 8);
        using var host = new SimHost();
        host.Run(async () =>
        {
            var probe = new DiskProbe(host, disk);
            var cut = false;
            disk.CutPowerAt(2, () => cut = true);
            Assert.True((await probe.Write(0, 1)).IsRight);
            Assert.False(cut);
            var second = probe.Write(1, 2);
            Assert.True(cut);
            var third = probe.Read(0).AsTask();
            await Task.Delay(TimeSpan.FromHours(1), host.Time);
            Assert.False(second.IsCompleted || third.IsCompleted);
            Assert.Throws<InvalidOperationException>(() => SimBlock.Over(host, disk));
        });
        Assert.Equal([false, true], disk.Pending.Select(write => write.InFlight));
        disk.Crash([new(1)]);
        Assert.Equal([0, 2], DiskProbe.Peek(disk, 0, 2));
    }

    [Fact]
    public void CrashWhileAWriteIsInFlight_OldMachine_NeverHearsOfIt()
    {
        var disk = new SimDisk(512, 8) { WriteLatency = Latency.Fixed(TimeSpan.FromMilliseconds(1)) };
        using var host = new SimHost();
        host.Run(async () =>
        {
            var write = new DiskProbe(host, disk).Write(0, 1);
            disk.Crash([]);
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            Assert.False(write.IsCompleted);
        });
        Assert.Equal([0], DiskProbe.Peek(disk, 0, 1));
    }

    [Fact]
    public void ProgramIsGone_PowerHolds_WhatIsInFlightLands()
    {
        var disk = new SimDisk(512, 8) { WriteLatency = Latency.Fixed(TimeSpan.FromMilliseconds(1)) };
        using var host = new SimHost();
        host.Run(async () =>
        {
            var write = new DiskProbe(host, disk).Write(0, 1);
            disk.Detach();
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            Assert.False(write.IsCompleted);
        });
        Assert.Equal([1], DiskProbe.Peek(disk, 0, 1));
    }

    [Fact]
    public void Snapshot_Restored_CanCrashAnotherWay()
    {
        var disk = new SimDisk(512, 8);
        Run(disk, async probe =>
        {
            await probe.Write(0, 1);
            await probe.Flush();
            await probe.Write(0, 2);
        });
        var snapshot = disk.Snapshot();
        disk.Crash([new(0)]);
        Assert.Equal([2], DiskProbe.Peek(disk, 0, 1));
        disk.Restore(snapshot);
        disk.Crash([]);
        Assert.Equal([1], DiskProbe.Peek(disk, 0, 1));
        disk.Restore(snapshot);
        disk.Crash([new(0)]);
        Assert.Equal([2], DiskProbe.Peek(disk, 0, 1));
    }

    [Fact]
    public void DiskThatIsNeverFlushed_ManyWrites_KeepsABoundedCache()
    {
        var disk = new SimDisk(512, 8);
        Run(disk, async probe =>
        {
            for (var write = 0; write < 70_000; write++)
                await probe.Write(write % 8, 1);
        });
        Assert.InRange(disk.Pending.Count, 1, 65_536);
    }

    private static void Run(SimDisk disk, Func<DiskProbe, ValueTask> test)
    {
        using var host = new SimHost();
        host.Run(() => test(new DiskProbe(host, disk)));
    }

    private static async ValueTask Ignore<T>(ValueTask<T> task) => await task;
}
