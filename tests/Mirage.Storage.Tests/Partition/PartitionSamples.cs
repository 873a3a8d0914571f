using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Devices with partition tables.</summary>
internal static class PartitionSamples
{
    public const long Sectors = 1000;

    public static Guid DiskId { get; } = new("11111111-2222-3333-4444-555555555555");

    /// <summary>Three partitions, the second of which is not in the order of its number.</summary>
    public static PartitionTable Gpt { get; } = PartitionTable.Gpt(DiskId,
        Entry(1, 100, 256, "boot", PartitionTypes.EfiSystem),
        Entry(2, 700, 37, "data", PartitionTypes.LinuxData),
        Entry(7, 401, 256, "é 7 🦉", PartitionTypes.LinuxData));

    /// <summary>One in the boot record, and three in the chain.</summary>
    public static PartitionTable Mbr { get; } = PartitionTable.Mbr(0xCAFE0001,
        new PartitionEntry(1, 63, 37) { MbrType = 0x83, IsActive = true },
        new PartitionEntry(3, 100, 900) { MbrType = 0x0F },
        new PartitionEntry(5, 110, 90) { MbrType = 0x0C },
        new PartitionEntry(6, 201, 299) { MbrType = 0x83 },
        new PartitionEntry(7, 600, 400) { MbrType = 0x83 });

    public static PartitionEntry Entry(int index, long first, long count, string name, Guid type) =>
        new(index, first, count) { Type = type, Id = new Guid(index, 1, 2, new byte[8]), Name = name };

    public static SimDisk Disk(PartitionTable table, int sectorSize, ulong seed = 1, int atomic = 1)
    {
        var disk = new SimDisk(
            new BlockInfo(sectorSize, Sectors) { CanDiscard = true, AtomicSectors = atomic }, seed);
        Disks.Right(PartitionTable.Write(Disks.Block(disk), table));
        return disk;
    }
}
