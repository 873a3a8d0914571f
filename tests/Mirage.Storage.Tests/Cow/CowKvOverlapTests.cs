using System.IO.Pipelines;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Kv = CowKv<SimBlock>;
using Snapshot = CowKvSnapshot<SimBlock>;

/// <summary>Readers, writers and ends of a store that overlap.</summary>
public sealed class CowKvOverlapTests
{
    private static readonly KvKey s_a = KvKey.Parse("/a");

    /// <summary>What an older snapshot alone has kept is free when it goes, whoever reads newer roots.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SnapshotsThatOverlap_ValueSetAgainAndAgain_LosesNoRoom(int kept) =>
        CowKvWorld.Mounted(new SimDisk(512, 4096), async kv =>
        {
            var snapshots = new Queue<Snapshot>();
            for (var round = 0; round < 60; round++)
            {
                (await Kv.Set(kv, s_a, KvSamples.Bytes(100_000, (ulong)round))).Done();
                snapshots.Enqueue(Kv.Snapshot(kv).Done());
                if (snapshots.Count > kept)
                    await Snapshot.Disconnect(snapshots.Dequeue());
                var oldest = (await Snapshot.Get(snapshots.Peek(), s_a)).Done();
                Assert.Equal(KvSamples.Bytes(100_000, (ulong)Math.Max(0, round + 1 - kept)), oldest.ToArray());
            }
        });

    [Fact]
    public void SnapshotThatIsRead_Disconnected_TheReadIsRight()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.Mounted(disk, async kv =>
        {
            (await Kv.Set(kv, s_a, KvSamples.Bytes(300_000, 1))).Done();
            var snapshot = Kv.Snapshot(kv).Done();
            disk.ReadLatency = Latency.Fixed(TimeSpan.FromMilliseconds(50));
            var read = Snapshot.Get(snapshot, s_a);
            await Snapshot.Disconnect(snapshot);
            for (var round = 0UL; round < 4; round++)
                _ = await Kv.Set(kv, s_a, KvSamples.Bytes(300_000, 9 + round));
            Assert.Equal(KvSamples.Bytes(300_000, 1), (await read).Done().ToArray());
            Assert.Equal(new KvError.Disconnected(), (await Snapshot.Get(snapshot, s_a)).Case);
        });
    }

    /// <summary>A page of the map that two asked for, the slower one after commits that wrote it again.</summary>
    [Fact]
    public void MapReadTwice_CommitsInBetween_TheSlowerTakesTheNewerPage()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.Mounted(disk, async kv => (await Kv.Set(kv, s_a, new byte[5000])).Done());
        CowKvWorld.Mounted(disk, async kv =>
        {
            _ = (await Kv.Get(kv, s_a)).Done();
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            await pipe.Writer.WriteAsync(KvSamples.Bytes(40_000, 1));
            await pipe.Writer.CompleteAsync();
            disk.ReadLatency = Latency.Fixed(TimeSpan.FromSeconds(1));
            var write = Kv.Write(kv, KvKey.Parse("/s"), pipe.Reader);
            disk.ReadLatency = default;
            for (var index = 0; index < 3; index++)
                (await Kv.Set(kv, KvKey.Parse($"/b{index}"), new byte[9000])).Done();
            (await write).Done();
            Assert.Equal(KvSamples.Bytes(40_000, 1), (await Kv.Get(kv, KvKey.Parse("/s"))).Done().ToArray());
        });
    }

    /// <summary>The device may be another store's when Disconnect has returned.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StreamedWrite_StoreDisconnected_NothingIsWrittenAfterwards(bool isUnderWay)
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.On(disk, async host =>
        {
            var device = new CowDevice<SimBlock>(SimBlock.Over(host, disk));
            var one = (await CowStore.Open(device, host, 1 << 20, false)).Done();
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            disk.WriteLatency = Latency.Fixed(TimeSpan.FromMilliseconds(50));
            await pipe.Writer.WriteAsync(KvSamples.Bytes(isUnderWay ? 40_000 : 30_000, 1));
            var write = one.Write(KvKey.Parse("/s"), pipe.Reader, default);
            await one.Disconnect();
            disk.WriteLatency = default;
            var written = disk.Counters.Writes;
            await pipe.Writer.WriteAsync(KvSamples.Bytes(200_000, 3));
            await pipe.Writer.CompleteAsync();
            Assert.Equal(new KvWriteError.Read(new KvError.Disconnected()), (await write).Case);
            Assert.Equal(written, disk.Counters.Writes);
        });
    }

    [Fact]
    public void BatchWithANonsensicalChange_Asked_IsItsCallersAlone() =>
        CowKvWorld.Mounted(new SimDisk(512, 2048), async kv =>
        {
            foreach (var nonsense in (KvChange[])[new KvChange.Allocate(s_a, -1),
                new KvChange.SetPartial(s_a, -1, default), new KvChange.Require(s_a, null!), null!])
            {
                var first = Kv.Set(kv, KvKey.Parse("/w"), new byte[1]);
                await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Kv.Batch(kv, [nonsense]));
                (await Kv.Set(kv, KvKey.Parse("/y"), new byte[1])).Done();
                (await first).Done();
            }
        });

    [Fact]
    public void DeviceThatThrows_InOneChange_TellsItsCallerAlone()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.On(disk, async host =>
        {
            var device = new ThrowingDevice(new CowDevice<SimBlock>(SimBlock.Over(host, disk)));
            var store = (await CowStore.Open(device, host, 1 << 20, false)).Done();
            (await store.Change(new KvChange.Set(KvKey.Parse("/w"), new byte[1]))).Done();
            device.Throws = true;
            var first = store.Change(new KvChange.Set(s_a, new byte[9000]));
            device.Throws = false;
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await first);
            (await store.Change(new KvChange.Set(s_a, new byte[9000]))).Done();
            await store.Disconnect();
        });
    }

    private sealed class ThrowingDevice(CowDevice below) : CowDevice
    {
        public bool Throws { get; set; }

        public override BlockInfo Info => below.Info;

        public override ValueTask<CowFault?> Read(long offset, Memory<byte> buffer) => below.Read(offset, buffer);

        public override ValueTask<CowFault?> Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            Throws ? throw new InvalidOperationException("It is gone.") : below.Write(offset, buffers);

        public override ValueTask<CowFault?> Flush() => below.Flush();
    }
}
