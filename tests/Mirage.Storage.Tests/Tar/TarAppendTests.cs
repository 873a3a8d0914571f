using System.Formats.Tar;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Store = TarAppend<SimBlock>;

public sealed class TarAppendTests
{
    private static readonly KvKey s_a = KvKey.Root / "a", s_b = KvKey.Parse("/d/b");

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Sets_ConnectedAgain_AreThereAndTheFrameworkReadsThem(int sectorSize)
    {
        var disk = new SimDisk(sectorSize, 1_048_576 / sectorSize);
        var store = Boots.Connect<Store>(disk);
        foreach (var (key, bytes) in KvSamples.Content)
            Disks.Right(Store.Set(store, key, bytes));
        Disks.Right(Store.Set(store, KvKey.Parse($"/{new string('p', 99)}/{new string('q', 99)}"), new byte[3]));
        var tree = Trees.Of(store);
        Assert.Equal(tree, Trees.Of(Boots.Connect<Store>(disk)));
        Assert.Equal(tree, Trees.Of(Boots.Connect<Tar<SimBlock>>(disk)));

        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var reader = new TarReader(new MemoryStream(Disks.Image(disk)));
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            using var bytes = new MemoryStream();
            entry.DataStream?.CopyTo(bytes);
            files[$"/{entry.Name}"] = Convert.ToHexString(bytes.ToArray());
        }

        Assert.Equal(tree.Where(static pair => !pair.Key.EndsWith('/')), files);
    }

    [Fact]
    public void SetOfTheSameKey_ReadAgain_IsTheLastOne()
    {
        var disk = new SimDisk(512, 100);
        var store = Boots.Connect<Store>(disk);
        for (byte version = 1; version <= 5; version++)
            Disks.Right(Store.Set(store, s_b, new[] { version }));
        Assert.Equal("05", Trees.Of(Boots.Connect<Store>(disk))["/d/b"]);
    }

    [Fact]
    public void ArchiveOfTheFramework_SetTo_KeepsWhatItHas()
    {
        var disk = Disks.Of(4096, TarSamples.Small(), sectors: 10);
        var store = Boots.Connect<Store>(disk);
        var before = Trees.Of(store);
        Disks.Right(Store.Set(store, s_a / "b", "x"u8.ToArray()));
        before["/a/b"] = "78";
        Assert.Equal(before, Trees.Of(Boots.Connect<Store>(disk)));
    }

    // An archive ends where its first block of zeros is, whatever lies behind it.
    [Fact]
    public void RubbishBehindTheEnd_SetTo_IsNoEntry()
    {
        byte[] image = [.. TarSamples.Small()[..^512], .. TarSamples.Entry("ghost", TarType.File, "x"),
            .. TarSamples.Entry("ghost2", TarType.File, "x"), .. TarSamples.Entry("ghost3", TarType.File, "x")];
        var disk = Disks.Of(512, image, sectors: 100);
        Disks.Right(Store.Set(Boots.Connect<Store>(disk), s_b, new byte[513]));
        Assert.DoesNotContain(Trees.Of(Boots.Connect<Store>(disk)).Keys,
            static key => key.StartsWith("/ghost", StringComparison.Ordinal));
    }

    [Fact]
    public void Partials_AndAllocations_AreNewVersions()
    {
        var store = Boots.Connect<Store>(new SimDisk(512, 200));
        Disks.Right(Store.SetPartial(store, s_a, 5, "abc"u8.ToArray()));
        Disks.Right(Store.SetPartial(store, s_a, 1, "XYZW"u8.ToArray()));
        Disks.Right(Store.SetPartial(store, s_a, 100, "!"u8.ToArray()));
        Assert.Equal("aXYZW!"u8.ToArray(), Disks.Right(Store.Get(store, s_a)));
        Disks.Right(Store.Allocate(store, s_b, 600));
        Assert.Equal(new byte[600], Disks.Right(Store.Get(store, s_b)));
        Assert.IsType<KvWriteError.AlreadyPresent>(Disks.Left(Store.Allocate(store, s_a, 1)));
        Assert.IsType<KvWriteError.NoSpace>(Disks.Left(Store.Allocate(store, KvKey.Root / "c", long.MaxValue)));
    }

    [Fact]
    public void ConditionalSets_AreJudgedByWhatIsThere()
    {
        var store = Boots.Connect<Store>(new SimDisk(512, 200));
        Assert.IsType<KvWriteError.ConditionFailed>(
            Disks.Left(Store.SetIf(store, s_a, new KvCondition.Present(), new byte[1])));
        Disks.Right(Store.SetIf(store, s_a, new KvCondition.Absent(), new byte[1]));
        Assert.IsType<KvWriteError.ConditionFailed>(
            Disks.Left(Store.SetIf(store, s_a, new KvCondition.Absent(), new byte[2])));
        var digest = Disks.Right(Store.Digest(store, s_a));
        Disks.Right(Store.SetIf(store, s_a, new KvCondition.DigestEquals(digest), new byte[2]));
        Assert.IsType<KvWriteError.ConditionFailed>(
            Disks.Left(Store.SetIf(store, s_a, new KvCondition.DigestEquals(digest), new byte[3])));
    }

    [Fact]
    public void WhatAnArchiveCannotDo_IsRefused()
    {
        var disk = new SimDisk(512, 200);
        var store = Boots.Connect<Store>(disk);
        Disks.Right(Store.Set(store, s_b, new byte[1]));
        var image = Disks.Image(disk);
        Assert.IsType<KvWriteError.Unsupported>(Disks.Left(Store.Remove(store, s_b)));
        Assert.IsType<KvWriteError.Unsupported>(Disks.Left(Store.Rename(store, s_b, s_a)));
        Disks.Right(Store.Remove(store, s_a));
        Disks.Right(Store.Rename(store, s_b, s_b));
        foreach (var (key, error) in ((KvKey, KvError)[])
            [(s_b.Parent, new KvError.ValueExpected(s_b.Parent)), (KvKey.Root, new KvError.ValueExpected(KvKey.Root)),
                (s_b / "c", new KvError.DictionaryExpected(s_b / "c"))])
        {
            Assert.Equal(new KvWriteError.Read(error), Disks.Left(Store.Set(store, key, new byte[1])));
            Assert.Equal(new KvWriteError.Read(error), Disks.Left(Store.SetPartial(store, key, 0, new byte[1])));
        }

        Assert.IsType<KvWriteError.BadName>(Disks.Left(Store.Set(store, KvKey.Root / "\uD800", new byte[1])));
        var longest = new string('n', 4095);
        Assert.IsType<KvWriteError.BadName>(Disks.Left(Store.Set(store, KvKey.Root / (longest + "n"), new byte[1])));
        Disks.Right(Store.Set(store, KvKey.Root / longest, new byte[1]));
        Assert.Equal(image[..1024], Disks.Image(disk)[..1024]);
    }

    // 512 of the header, 512 of the value, 1024 of the end: four sectors hold one byte and not 513.
    [Fact]
    public void SetThatDoesNotFit_IsRefusedAndChangesNothing()
    {
        var disk = new SimDisk(512, 4);
        var store = Boots.Connect<Store>(disk);
        Assert.IsType<KvWriteError.NoSpace>(Disks.Left(Store.Set(store, s_a, new byte[513])));
        Assert.Equal(0, disk.Counters.Writes);
        Disks.Right(Store.Set(store, s_a, new byte[512]));
        Assert.IsType<KvWriteError.NoSpace>(Disks.Left(Store.Set(store, s_b, default)));
        Assert.Equal(["/a"], Trees.Of(Boots.Connect<Store>(disk)).Keys);
    }

    // After any cut: the value before or after, and everything that was there.
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Set_PowerCutAnywhere_LeavesOldOrNew(int sectorSize)
    {
        var (old, now) = (0, 0);
        for (var at = 1; at <= 5; at++)
        {
            for (ulong seed = 1; seed <= 40; seed++)
            {
                var disk = new SimDisk(sectorSize, 40, seed);
                var store = Boots.Connect<Store>(disk);
                Disks.Right(Store.Set(store, s_b, KvSamples.Bytes(700, 1)));
                disk.CutPowerAt(at, static () => { });
                _ = Store.Set(store, s_b, KvSamples.Bytes(9000, 2)).AsTask();
                disk.Crash();
                var seen = Trees.Of(Boots.Connect<Store>(disk))["/d/b"];
                Assert.True(seen.Length is 2 * 700 or 2 * 9000, $"at {at}, seed {seed}");
                var expected = KvSamples.Bytes(seen.Length / 2, seen.Length == 1400 ? 1UL : 2);
                Assert.Equal(Convert.ToHexString(expected), seen);
                (old, now) = seen.Length == 1400 ? (old + 1, now) : (old, now + 1);
                // It goes on from what is left.
                Disks.Right(Store.Set(Boots.Connect<Store>(disk), s_a, new byte[5]));
                Assert.Equal(["/a", "/d/", "/d/b"], Trees.Of(Boots.Connect<Store>(disk)).Keys);
            }
        }

        Assert.True(old > 0 && now > 0, $"{old} old, {now} new");
    }

    [Fact]
    public void FailureOfTheDevice_BeforeTheEntryIsThere_ChangesNothing()
    {
        var disk = new SimDisk(512, 40);
        var store = Boots.Connect<Store>(disk);
        disk.Inject(new DiskFault.WriteError(1, 1));
        Assert.IsType<KvError.Block>(Assert.IsType<KvWriteError.Read>(
            Disks.Left(Store.Set(store, s_a, new byte[600]))).Inner);
        Disks.Right(Store.Set(store, s_a, new byte[700]));
        Assert.Equal(700, Disks.Right(Store.Size(Boots.Connect<Store>(disk), s_a)));
    }

    [Fact]
    public void FailureOfTheDevice_AtTheFirstSector_MakesTheStoreReadOnly()
    {
        var disk = new SimDisk(512, 40);
        var store = Boots.Connect<Store>(disk);
        disk.Inject(new DiskFault.WriteError(2, 1));
        Assert.IsType<KvWriteError.Read>(Disks.Left(Store.Set(store, s_a, new byte[600])));
        Assert.IsType<KvWriteError.ReadOnly>(Disks.Left(Store.Set(store, s_a, new byte[700])));
        Assert.IsType<KvError.NotFound>(Disks.Left(Store.Get(store, s_a)));
        Disks.Right(Store.Set(Boots.Connect<Store>(disk), s_a, new byte[700]));
    }

    [Fact]
    public void SetsAtOnce_OnASlowDisk_AllLand()
    {
        using var host = new SimHost(3);
        var disk = new SimDisk(512, 2000, 3) { WriteLatency = Latency.Fixed(TimeSpan.FromMilliseconds(1)) };
        host.Attach("", disk);
        host.Run(async () =>
        {
            var store = (await Boot.Connect<Store>(host, [])).Match(
                Right: static connected => connected.Device,
                Left: static error => throw new InvalidOperationException(error.Reason));
            var sets = Enumerable.Range(0, 50).Select(index =>
                Store.Set(store, KvKey.Root / $"k{index}", KvSamples.Bytes(10 * index, (ulong)index)).AsTask());
            Assert.All(await Task.WhenAll(sets), static outcome => Assert.True(outcome.IsRight));
        });
        disk.WriteLatency = default;
        var tree = Trees.Of(Boots.Connect<Store>(disk));
        Assert.Equal(50, tree.Count);
        Assert.Equal(Convert.ToHexString(KvSamples.Bytes(490, 49)), tree["/k49"]);
    }

    [Fact]
    public void ConditionThatCannotBeRead_IsTheErrorOfTheDevice()
    {
        var disk = new SimDisk(512, 200);
        var store = Boots.Connect<Store>(disk);
        Disks.Right(Store.Set(store, s_a, new byte[1]));
        var digest = Disks.Right(Store.Digest(store, s_a));
        disk.Inject(new DiskFault.ReadError(1, 1));
        Assert.IsType<KvError.Block>(Assert.IsType<KvWriteError.Read>(
            Disks.Left(Store.SetIf(store, s_a, new KvCondition.DigestEquals(digest), new byte[2]))).Inner);
        Disks.Right(Store.SetIf(store, s_a, new KvCondition.DigestEquals(digest), new byte[2]));
        Assert.IsType<KvWriteError.ConditionFailed>(
            Disks.Left(Store.SetIf(store, s_b, new KvCondition.DigestEquals(digest), new byte[3])));
    }

    // 128 paths of 2048 names are as many as an archive may have.
    [Fact]
    public void MoreNamesThanCanBeOpened_Set_HaveNoSpace()
    {
        var disk = new SimDisk(512, 4096);
        var store = Boots.Connect<Store>(disk);
        var below = string.Concat(Enumerable.Repeat("/a", 2047));
        for (var path = 0; path < 128; path++)
            Disks.Right(Store.Set(store, KvKey.Parse($"/{(char)(0x100 + path)}{below}"), new byte[1]));
        Assert.IsType<KvWriteError.NoSpace>(Disks.Left(Store.Set(store, s_a, new byte[1])));
        var last = KvKey.Parse($"/{(char)0x17F}{below}");
        Disks.Right(Store.Set(store, last, new byte[2]));
        store = Boots.Connect<Store>(disk);
        Assert.Equal(2, Disks.Right(Store.Size(store, last)));
        Assert.IsType<KvWriteError.NoSpace>(Disks.Left(Store.Set(store, s_a, new byte[1])));
    }

    [Fact]
    public void DisconnectDuringASet_WaitsForIt()
    {
        using var host = new SimHost(3);
        var disk = new SimDisk(512, 2000, 3) { WriteLatency = Latency.Fixed(TimeSpan.FromMilliseconds(1)) };
        host.Attach("", disk);
        host.Run(async () =>
        {
            var store = (await Boot.Connect<Store>(host, [])).Match(
                Right: static connected => connected.Device,
                Left: static error => throw new InvalidOperationException(error.Reason));
            var set = Store.Set(store, s_a, new byte[2000]).AsTask();
            var next = Store.Set(store, s_b, new byte[2000]).AsTask();
            await Store.Disconnect(store);
            Assert.True(set.IsCompletedSuccessfully);
            Assert.True((await set).IsRight);
            Assert.Equal(new KvWriteError.Read(new KvError.Disconnected()), (await next).Case);
        });
    }
}
