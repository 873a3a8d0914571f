using System.Globalization;
using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>What the store promises beside the laws: room comes back, reads and writes are few, starts are
/// quick.</summary>
public sealed class CowKvTests
{
    private static readonly KvKey s_a = KvKey.Parse("/a");

    /// <summary>K26.</summary>
    [Theory]
    [InlineData("forward")]
    [InlineData("reverse")]
    [InlineData("random")]
    public void TenThousandChildren_RemovedInAnyOrder_AreAllThereUntilTheyAreGone(string order)
    {
        var names = Enumerable.Range(0, 10_000).Select(static index => $"{index:D5}").ToList();
        var (random, parent) = (new SplitMix64(26), KvKey.Parse("/many"));
        CowKvWorld.Mounted(new SimDisk(512, 16384), async kv =>
        {
            foreach (var some in names.OrderBy(_ => random.Next()).Chunk(250))
                (await CowKv<SimBlock>.Batch(kv,
                    [.. some.Select(name => new KvChange.Set(parent / name, KvSamples.Bytes(20, 1)))])).Done();
            Assert.Equal(names, await Names(kv, parent));
            var left = order switch
            {
                "forward" => names,
                "reverse" => [.. names.AsEnumerable().Reverse()],
                _ => [.. names.OrderBy(_ => random.Next())],
            };
            foreach (var (index, some) in left.Chunk(250).Index())
            {
                (await CowKv<SimBlock>.Batch(kv, [.. some.Select(name => new KvChange.Remove(parent / name))])).Done();
                Assert.Equal(left.Skip((index + 1) * 250).Order(StringComparer.Ordinal), await Names(kv, parent));
            }
        });
    }

    /// <summary>K30: also where values of all sizes share pages, and with a start in between.</summary>
    [Fact]
    public void StoreOfAMegabyte_FilledAndEmptiedAHundredTimes_LosesNoRoom()
    {
        var disk = new SimDisk(512, 2048);
        var held = new List<int>();
        for (var round = 0; round < 100; round++)
        {
            CowKvWorld.Mounted(disk, async kv =>
            {
                var count = 0;
                while ((await CowKv<SimBlock>.Set(kv, KvKey.Parse($"/{count % 5}/{count}"),
                    KvSamples.Bytes(1 + (count * 997 % 20_000), 1))).IsRight)
                    count++;
                held.Add(count);
                (await CowKv<SimBlock>.Remove(kv, KvKey.Root)).Done();
                Assert.Empty((await CowKv<SimBlock>.List(kv, KvKey.Root)).Done());
            });
        }

        Assert.All(held, count => Assert.InRange(count, held[0] - 1, held[0] + 1));
        Assert.InRange(held[0], 40, 100);
    }

    /// <summary>K27.</summary>
    [Fact]
    public void RandomChanges_WithAStartAfterEach_HoldWhatTheyHoldWithout()
    {
        var (restarted, through) = (new SimDisk(512, 4096), new SimDisk(512, 4096));
        var random = new SplitMix64(27);
        CowKvWorld.Mounted(through, async kv =>
        {
            for (var round = 0; round < 300; round++)
            {
                KvKey Key() => KvKey.Parse($"/{random.Next(3)}/{random.Next(4)}");
                var bytes = KvSamples.Bytes(random.Next(3) == 0 ? random.Next(80_000) : random.Next(600), (ulong)round);
                KvChange change = random.Next(5) switch
                {
                    0 => new KvChange.Remove(Key()),
                    1 => new KvChange.Rename(Key(), Key()),
                    2 => new KvChange.SetPartial(Key(), random.Next(90_000), bytes),
                    3 => new KvChange.Rename(Key().Parent, Key().Parent),
                    _ => new KvChange.Set(Key(), bytes),
                };
                var text = "";
                var expected = await CowKv<SimBlock>.Batch(kv, [change]);
                CowKvWorld.Mounted(restarted, async other =>
                {
                    Assert.Equal($"{expected}", $"{await CowKv<SimBlock>.Batch(other, [change])}");
                    text = await CowKvWorld.Text(other);
                });
                Assert.Equal(await CowKvWorld.Text(kv), text);
            }
        });
    }

    /// <summary>C8.</summary>
    [Fact]
    public void PowerCutsWhileItIsWritten_AThousandTimes_NeverStopTheStore()
    {
        var disk = new SimDisk(512, 2048, 8);
        var random = new SplitMix64(8);
        for (var round = 0; round < 1000; round++)
        {
            using var host = new SimHost((ulong)round);
            host.Attach("", disk);
            host.Run(async () =>
            {
                var kv = (await CowKvWorld.Open(host)).Device;
                _ = await CowKvWorld.Text(kv);
                var cut = new TaskCompletionSource();
                disk.CutPowerAt(1 + random.Next(20), cut.SetResult);
                await Task.WhenAny(cut.Task, Write(kv, round));
            });
            disk.Crash();
        }

        static async Task Write(CowKv<SimBlock> kv, int round)
        {
            for (var index = 0; index < 9; index++)
                (await CowKv<SimBlock>.Set(kv, KvKey.Parse($"/{(round + index) % 11}"),
                    KvSamples.Bytes((round + index) * 131 % 9000, 1))).Done();
        }
    }

    [Fact]
    public void LargeValue_ChangedInPart_IsNotWrittenWhole()
    {
        var disk = new SimDisk(512, 32768);
        CowKvWorld.Mounted(disk, async kv =>
        {
            (await CowKv<SimBlock>.Set(kv, s_a, KvSamples.Bytes(4 << 20, 1))).Done();
            var sectors = SectorsOf(disk, "write");
            (await CowKv<SimBlock>.SetPartial(kv, s_a, 100, new byte[64])).Done();
            Assert.InRange(sectors(), 64, 64 + 64);
            Assert.Equal(4 << 20, (await CowKv<SimBlock>.Get(kv, s_a)).Done().Length);
        });
    }

    [Fact]
    public void ChangesAtOnce_WhileACommitIsUnderWay_ShareTheNext()
    {
        var disk = new SimDisk(512, 8192) { FlushLatency = Latency.Fixed(TimeSpan.FromMilliseconds(1)) };
        CowKvWorld.Mounted(disk, async kv =>
        {
            var before = disk.Counters.Flushes;
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(
                index => CowKv<SimBlock>.Set(kv, KvKey.Parse($"/{index}"), new byte[10]).AsTask()));
            Assert.All(answers, static answer => Assert.True(answer.IsRight));
            Assert.Equal(4, disk.Counters.Flushes - before);
        });
    }

    [Fact]
    public void DiskOfTerabytes_Started_IsReadInAFewPlaces()
    {
        var disk = new SimDisk(512, 1L << 33);
        CowKvWorld.Mounted(disk, async kv => (await CowKv<SimBlock>.Set(kv, s_a, new byte[5000])).Done());
        var reads = disk.Counters.Reads;
        CowKvWorld.Mounted(disk, async kv =>
        {
            // Four slots, and an index of the map on each of two levels.
            Assert.Equal(6, disk.Counters.Reads - reads);
            Assert.Equal(5000, (await CowKv<SimBlock>.Size(kv, s_a)).Done());
        });
    }

    [Fact]
    public void Snapshot_WhileItIsKept_KeepsItsPagesAndNoOthers()
    {
        CowKvWorld.Mounted(new SimDisk(512, 2048), async kv =>
        {
            (await CowKv<SimBlock>.Set(kv, s_a, KvSamples.Bytes(300_000, 1))).Done();
            var snapshot = CowKv<SimBlock>.Snapshot(kv).Done();
            // Each of these frees what the one before wrote, which the snapshot does not show.
            for (var round = 0; round < 5; round++)
                (await CowKv<SimBlock>.Set(kv, s_a, KvSamples.Bytes(200_000, 2))).Done();
            Assert.Equal(new KvWriteError.NoSpace(s_a), (await CowKv<SimBlock>.Set(kv, s_a, new byte[400_000])).Case);
            Assert.True((await CowKvSnapshot<SimBlock>.Get(snapshot, s_a)).Done().Span
                .SequenceEqual(KvSamples.Bytes(300_000, 1)));
            await CowKvSnapshot<SimBlock>.Disconnect(snapshot);
            (await CowKv<SimBlock>.Set(kv, s_a, new byte[400_000])).Done();
        });
    }

    [Fact]
    public void Names_AtTheLimitAndBeyond_AreKeptOrRefused()
    {
        CowKvWorld.Mounted(new SimDisk(512, 2048), async kv =>
        {
            var names = new List<string> { "\uFFFD", "\uE000", "\U0001F989", "\uD7FF", new('é', 127) };
            foreach (var name in names)
                (await CowKv<SimBlock>.Set(kv, KvKey.Root / name, default)).Done();
            Assert.Equal(names.Order(StringComparer.Ordinal), await Names(kv, KvKey.Root));
            foreach (var bad in (string[])[new('é', 128), "\uD800", "\uDC00\uFFFD"])
            {
                Assert.IsType<KvWriteError.BadName>((await CowKv<SimBlock>.Set(kv, s_a / "b" / bad, default)).Case);
                Assert.IsType<KvError.NotFound>((await CowKv<SimBlock>.Get(kv, KvKey.Root / bad)).Case);
            }

            Assert.Equal(Option<KvKind>.None, (await CowKv<SimBlock>.Exists(kv, s_a)).Done());
        });
    }

    /// <summary>K29: removing half of what lies mixed touches every leaf, and has the pages for it.</summary>
    [Fact]
    public void FullStore_HalfOfItRemovedFromAmongTheOther_HasRoomAgain()
    {
        CowKvWorld.Mounted(new SimDisk(512, 32768), async kv =>
        {
            var count = 0;
            while ((await CowKv<SimBlock>.Set(kv, KvKey.Parse($"/{count % 2}/{count}"), new byte[600])).IsRight)
                count++;
            var kept = await Names(kv, KvKey.Parse("/1"));
            (await CowKv<SimBlock>.Remove(kv, KvKey.Parse("/0"))).Done();
            Assert.Equal(kept, await Names(kv, KvKey.Parse("/1")));
            for (var again = 0; again < count / 3; again++)
                (await CowKv<SimBlock>.Set(kv, KvKey.Parse($"/2/{again}"), new byte[600])).Done();
        });
    }

    private static async ValueTask<IEnumerable<string>> Names(CowKv<SimBlock> kv, KvKey key) =>
        (await CowKv<SimBlock>.List(kv, key)).Done().Select(static child => child.Key.Basename);

    [Fact]
    public void MistakesOfACaller_Thrown_LeaveTheStoreAsItWas()
    {
        CowKvWorld.Mounted(new SimDisk(512, 2048), async kv =>
        {
            foreach (var change in (KvChange?[])
                [null, new KvChange.Allocate(s_a, -1), new KvChange.SetPartial(s_a, -1, default)])
                await Assert.ThrowsAnyAsync<ArgumentException>(
                    async () => await CowKv<SimBlock>.Batch(kv, [new KvChange.Set(s_a, default), change!]));
            (await CowKv<SimBlock>.SetIf(kv, s_a, new KvCondition.Absent(), default)).Done();
        });
    }

    // How many sectors the disk is asked to transfer from now on.
    private static Func<int> SectorsOf(SimDisk disk, string operation)
    {
        var sectors = 0;
        disk.Log += line =>
        {
            var words = line.Split(' ');
            if (words[0] == operation)
                sectors += int.Parse(words[^2], CultureInfo.InvariantCulture);
        };
        return () => sectors;
    }
}
