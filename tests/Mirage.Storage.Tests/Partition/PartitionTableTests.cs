using Mirage.Testing;

namespace Mirage.Storage.Tests;

using static PartitionSamples;

public sealed class PartitionTableTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Gpt_WrittenAndRead_IsTheSame(int sectorSize)
    {
        var read = Read(Disk(Gpt, sectorSize));
        Assert.Equal((PartitionScheme.Gpt, DiskId, PartitionFlaws.None), (read.Scheme, read.DiskId, read.Flaws));
        Assert.Equal(Gpt.Entries, read.Entries);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Mbr_WrittenAndRead_IsTheSame(int sectorSize)
    {
        var read = Read(Disk(Mbr, sectorSize));
        Assert.Equal((PartitionScheme.Mbr, Mbr.Signature), (read.Scheme, read.Signature));
        Assert.Equal(Mbr.Entries, read.Entries);
    }

    [Fact]
    public void EmptyTables_WrittenAndRead_HaveNoPartitions()
    {
        Assert.Empty(Read(Disk(PartitionTable.Gpt(DiskId), 512)).Entries);
        Assert.Empty(Read(Disk(PartitionTable.Mbr(1), 512)).Entries);
        var container = PartitionTable.Mbr(1, new PartitionEntry(1, 10, 90) { MbrType = 0x05 });
        Assert.Equal(container.Entries, Read(Disk(container, 512)).Entries);
    }

    [Fact]
    public void GptDisk_MbrWritten_IsAnMbrAlsoWhenItIsEmpty()
    {
        var disk = Disk(Gpt, 512);
        Disks.Right(PartitionTable.Write(Disks.Block(disk), PartitionTable.Mbr(9)));
        Assert.Equal(PartitionScheme.Mbr, Read(disk).Scheme);
    }

    [Fact]
    public void MbrDisk_GptWritten_IsAGptAndKeepsTheProgram()
    {
        var disk = Disk(Mbr, 512);
        var image = Disks.Image(disk);
        KvSamples.Bytes(440, 3).CopyTo(image, 0);
        disk = Disks.Of(512, image);
        Disks.Right(PartitionTable.Write(Disks.Block(disk), Gpt));
        Assert.Equal(Gpt.Entries, Read(disk).Entries);
        Assert.Equal(KvSamples.Bytes(440, 3), Disks.Image(disk)[..440]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(67)]
    public void SmallDevice_GptWritten_IsRefusedAndNothingIsWritten(int sectors)
    {
        var disk = new SimDisk(512, sectors);
        Assert.IsType<PartitionError.Illegal>(
            Disks.Left(PartitionTable.Write(Disks.Block(disk), PartitionTable.Gpt(DiskId))));
        Assert.Equal(0, disk.Counters.Writes);
        Assert.IsType<PartitionError.NoTable>(Disks.Left(PartitionTable.Read(Disks.Block(disk))));
    }

    // 1 + 1 + 32 sectors before, 32 + 1 behind, and one for a partition.
    [Fact]
    public void SmallestDevice_GptWritten_HasRoomForOneSector()
    {
        var disk = new SimDisk(512, 68);
        Assert.Equal((34, 34), PartitionTable.GptRoom(disk.Info));
        var table = PartitionTable.Gpt(DiskId, Entry(1, 34, 1, "one", PartitionTypes.LinuxData));
        Disks.Right(PartitionTable.Write(Disks.Block(disk), table));
        Assert.Equal(table.Entries, Read(disk).Entries);
    }

    public static TheoryData<string, PartitionTable> IllegalTables => new()
    {
        { "overlap", Of(Entry(1, 100, 10, "", DiskId), Entry(2, 109, 10, "", DiskId)) },
        { "without a sector", Of(Entry(1, 100, 0, "", DiskId)) },
        { "over the table", Of(Entry(1, 33, 10, "", DiskId)) },
        { "over the backup", Of(Entry(1, 900, 68, "", DiskId)) },
        { "beyond 63 bits", Of(Entry(1, 100, long.MaxValue, "", DiskId)) },
        { "number 0", Of(Entry(0, 100, 10, "", DiskId)) },
        { "number 129", Of(Entry(129, 100, 10, "", DiskId)) },
        { "one number twice", Of(Entry(1, 100, 10, "", DiskId), Entry(1, 200, 10, "", DiskId)) },
        { "no type", Of(Entry(1, 100, 10, "", Guid.Empty)) },
        { "name of 37 units", Of(Entry(1, 100, 10, new('n', 37), DiskId)) },
        { "MBR: over the boot record", PartitionTable.Mbr(1, Record(1, 0, 10, 0x83)) },
        { "MBR: past the end", PartitionTable.Mbr(1, Record(1, 10, Sectors - 9, 0x83)) },
        { "MBR: no type", PartitionTable.Mbr(1, Record(1, 10, 10, 0)) },
        { "MBR: announces a GPT", PartitionTable.Mbr(1, Record(1, 10, 10, 0xEE)) },
        { "MBR: chain in nothing", PartitionTable.Mbr(1, Record(5, 10, 10, 0x83)) },
        { "MBR: gap in the numbers", PartitionTable.Mbr(1, Record(1, 10, 90, 5), Record(6, 20, 10, 0x83)) },
        { "MBR: no sector for a link", PartitionTable.Mbr(
            1, Record(1, 10, 90, 5), Record(5, 20, 10, 0x83), Record(6, 30, 10, 0x83)) },
        { "MBR: over the first link", PartitionTable.Mbr(1, Record(1, 10, 90, 5), Record(5, 10, 10, 0x83)) },
        { "MBR: two chains", PartitionTable.Mbr(1, Record(1, 10, 90, 5), Record(2, 100, 90, 5)) },
    };

    [Theory]
    [MemberData(nameof(IllegalTables))]
    public void IllegalTable_Written_IsRefusedAndNothingIsWritten(string what, PartitionTable table)
    {
        var disk = new SimDisk(512, Sectors);
        Assert.True(Disks.Left(PartitionTable.Write(Disks.Block(disk), table)) is PartitionError.Illegal, what);
        Assert.Equal(0, disk.Counters.Writes);
    }

    // Whatever of a rewrite survives a power cut, a table is there: the old one or the new one.
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void GptRewritten_PowerCutAnywhere_IsOldOrNew(int sectorSize)
    {
        var renamed = PartitionTable.Gpt(DiskId, [.. Gpt.Entries.Select(entry => entry with { Name = "new" })]);
        var (old, seen) = (0, 0);
        for (var at = 1; at <= 12; at++)
        {
            for (ulong seed = 1; seed <= 8; seed++)
            {
                var disk = Disk(Gpt, sectorSize, seed);
                disk.CutPowerAt(at, static () => { });
                _ = PartitionTable.Write(Disks.Block(disk), renamed).AsTask();
                disk.Crash();
                var entries = Read(disk).Entries;
                Assert.True(entries.SequenceEqual(Gpt.Entries) || entries.SequenceEqual(renamed.Entries), $"at {at}");
                (old, seen) = (old + (entries.SequenceEqual(Gpt.Entries) ? 1 : 0), seen + 1);
            }
        }

        Assert.InRange(old, 1, seen - 1);
    }

    private static PartitionTable Of(params PartitionEntry[] entries) => PartitionTable.Gpt(DiskId, entries);

    private static PartitionEntry Record(int index, long first, long count, byte type) =>
        new(index, first, count) { MbrType = type };

    private static PartitionTable Read(SimDisk disk) => Disks.Right(PartitionTable.Read(Disks.Block(disk)));
}
