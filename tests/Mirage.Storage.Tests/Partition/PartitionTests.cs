using Mirage.Testing;

namespace Mirage.Storage.Tests;

using First = Partition<SimBlock>;
using static PartitionSamples;

public sealed class PartitionTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("7", 7)]
    [InlineData("data", 2)]
    [InlineData("name=é 7 🦉", 7)]
    [InlineData("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", 1)]
    [InlineData("00000007-0001-0002-0000-000000000000", 7)]
    public void Selector_OfOnePartition_GivesIt(string text, int index) =>
        Assert.Equal(index, PartitionSelector.Select(Gpt, text).Match(Right: entry => entry.Index, Left: _ => 0));

    [Theory]
    [InlineData("3", "there is no partition '3'")]
    [InlineData("name=1", "there is no partition 'name=1'")]
    [InlineData("", "there is no partition ''")]
    [InlineData("0fc63daf-8483-4772-8e79-3d69d8477de4", "'0fc63daf-8483-4772-8e79-3d69d8477de4' are 2 partitions")]
    public void Selector_OfNoneOrSeveral_IsAnError(string text, string reason) =>
        Assert.Equal(reason, PartitionSelector.Select(Gpt, text).Match(Right: _ => "", Left: error => error.Reason));

    [Fact]
    public void Selector_OfTheExtendedPartition_IsAnError() =>
        Assert.True(PartitionSelector.Select(Mbr, "3").IsLeft);

    [Fact]
    public void Device_WithoutATable_IsNotConnected()
    {
        using var host = new SimHost(1);
        host.Attach("", new SimDisk(512, 100));
        var reason = "";
        host.Run(async () => reason = (await Boot.Connect<First>(host, ["--partition=1"]))
            .Match(Right: static _ => "connected", Left: static error => error.Reason));
        Assert.EndsWith("there is no partition table", reason, StringComparison.Ordinal);
    }

    // Law B25: sector i of the partition is sector first + i of the device, and nothing else is touched.
    [Fact]
    public void Partition_WrittenWhole_ChangesItsSectorsAlone()
    {
        var disk = Disk(Gpt, 512);
        var before = Disks.Image(disk);
        var entry = Gpt.Entries[1];
        var bytes = KvSamples.Bytes((int)entry.Count * 512, 4);
        Disks.Right(First.Write(First.Over(Disks.Block(disk), entry), 0, [bytes]));
        bytes.CopyTo(before, entry.First * 512);
        Assert.Equal(before, Disks.Image(disk));
    }

    [Fact]
    public void NestedPartitions_Written_AddUp()
    {
        var disk = Disk(Gpt, 512);
        var outer = First.Over(Disks.Block(disk), new PartitionEntry(1, 100, 256));
        var inner = Partition<First>.Over(outer, new PartitionEntry(1, 40, 10));
        var bytes = KvSamples.Bytes(512, 4);
        Disks.Right(Partition<First>.Write(inner, 3, [bytes]));
        Assert.Equal(bytes, Disks.Image(disk)[(143 * 512)..(144 * 512)]);
    }

    // Law B13.
    [Fact]
    public async Task Partition_Disconnected_LeavesSiblingsAndTheDeviceAlive()
    {
        var block = Disks.Block(Disk(Gpt, 512));
        var (gone, sibling) = (First.Over(block, Gpt.Entries[0]), First.Over(block, Gpt.Entries[1]));
        await First.Disconnect(gone);
        Assert.IsType<BlockError.Disconnected>(Disks.Left(First.Read(gone, 0, [new byte[512]])));
        Disks.Right(First.Read(sibling, 0, [new byte[512]]));
        Disks.Right(SimBlock.Read(block, 0, [new byte[512]]));
    }

    [Fact]
    public void Device_FailsToRead_TheErrorHasThePartitionsSector()
    {
        var disk = Disk(Gpt, 512);
        disk.Inject(new DiskFault.ReadError(1, 1));
        var error = Disks.Left(First.Read(First.Over(Disks.Block(disk), Gpt.Entries[0]), 5, [new byte[512]]));
        Assert.Equal(5, Assert.IsType<BlockError.Io>(error).Sector);
    }

    [Theory]
    [InlineData(8, 100, 4)]
    [InlineData(8, 96, 8)]
    [InlineData(2, 401, 1)]
    [InlineData(1, 401, 1)]
    public void AtomicUnits_WhereThePartitionBegins_AreCutUp(int whole, long first, int own)
    {
        var disk = new SimDisk(new BlockInfo(512, Sectors) { AtomicSectors = whole });
        Assert.Equal(own, First.Info(First.Over(Disks.Block(disk), new PartitionEntry(1, first, 10))).AtomicSectors);
    }
}
