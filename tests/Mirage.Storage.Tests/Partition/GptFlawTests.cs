using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

using static PartitionSamples;

/// <summary>One copy of a GPT is damaged: the other one counts, and a repair mends it.</summary>
public sealed class GptFlawTests
{
    private const int HeaderAt = 512, EntriesAt = 1024, BackupAt = ((int)Sectors - 1) * 512;

    [Fact]
    public void FirstHeader_Damaged_TheBackupCounts() => Check(PartitionFlaws.Primary, image => image[HeaderAt + 40]++);

    [Fact]
    public void FirstEntries_Damaged_TheBackupCounts() =>
        Check(PartitionFlaws.Primary, image => image[EntriesAt + 500] ^= 1);

    [Fact]
    public void Backup_Damaged_TheFirstCounts() => Check(PartitionFlaws.Backup, image => image[BackupAt + 8]++);

    [Fact]
    public void BackupEntries_Damaged_TheFirstCounts() =>
        Check(PartitionFlaws.Backup, image => image[BackupAt - (32 * 512)]++);

    [Fact]
    public void BootRecord_Gone_TheGptCounts() =>
        Check(PartitionFlaws.NoProtectiveMbr, image => image.AsSpan(0, 512).Clear());

    [Fact]
    public void BootRecord_WithoutPartitions_TheGptCounts() =>
        Check(PartitionFlaws.NoProtectiveMbr, image => image.AsSpan(446, 64).Clear());

    [Fact]
    public void BootRecordAndFirstCopy_Damaged_TheBackupCounts() => Check(
        PartitionFlaws.NoProtectiveMbr | PartitionFlaws.Primary, image => image.AsSpan(0, 1024).Clear());

    // Both are whole, and say different things.
    [Fact]
    public void Copies_Disagree_TheFirstCounts() => Check(PartitionFlaws.Backup, image =>
    {
        var other = Disks.Image(Disk(PartitionTable.Gpt(DiskId, Gpt.Entries.Take(1).ToArray()), 512));
        other.AsSpan(BackupAt - (32 * 512)).CopyTo(image.AsSpan(BackupAt - (32 * 512)));
    });

    [Fact]
    public void HybridBootRecord_Read_TheGptCountsAndARepairLeavesTheRecords()
    {
        var image = Disks.Image(Disk(Gpt, 512));
        new MbrEntry(true, 0x0C, 100, 256).Emit(image.AsSpan(446 + 16));
        image[BackupAt]++;
        var disk = Disks.Of(512, image);
        var table = Disks.Right(PartitionTable.Read(Disks.Block(disk)));
        Assert.Equal(PartitionFlaws.HybridMbr | PartitionFlaws.Backup, table.Flaws);
        Assert.Equal(PartitionFlaws.HybridMbr, Disks.Right(PartitionTable.Repair(Disks.Block(disk))).Flaws);
        Assert.Equal(image[..512], Disks.Image(disk)[..512]);
    }

    // The records of an MBR that does not announce a GPT are an MBR, whatever was there before.
    [Fact]
    public void MbrWithPartitions_OverAGpt_IsAnMbr()
    {
        var image = Disks.Image(Disk(Gpt, 512));
        MbrTable.Of(3, [new MbrEntry(false, 0x83, 100, 10)]).Emit(image);
        var table = Disks.Right(PartitionTable.Read(Disks.Block(Disks.Of(512, image))));
        Assert.Equal((PartitionScheme.Mbr, 1), (table.Scheme, table.Entries.Count));
    }

    [Fact]
    public void BothCopies_Damaged_AreAnError()
    {
        var image = Disks.Image(Disk(Gpt, 512));
        image[HeaderAt + 16]++;
        image[BackupAt + 16]++;
        Assert.IsType<PartitionError.Corrupt>(Left(image));
        // Without the announcement nothing says that there ever was one.
        image.AsSpan(0, 512).Clear();
        Assert.IsType<PartitionError.NoTable>(Left(image));
    }

    [Fact]
    public void GrownDevice_Repaired_HasTheBackupAtItsEnd()
    {
        var disk = Disks.Of(512, Disks.Image(Disk(Gpt, 512)), sectors: 2 * Sectors);
        Assert.Equal(PartitionFlaws.None, Disks.Right(PartitionTable.Read(Disks.Block(disk))).Flaws);
        var repaired = Disks.Right(PartitionTable.Repair(Disks.Block(disk)));
        Assert.Equal(Gpt.Entries, repaired.Entries);
        var image = Disks.Image(disk);
        image.AsSpan(512, 512).Clear();
        Assert.Equal(Gpt.Entries, Disks.Right(PartitionTable.Read(Disks.Block(Disks.Of(512, image)))).Entries);
        Assert.Equal(2 * Sectors - 34, BinaryPrimitives.ReadInt64LittleEndian(Disks.Image(disk).AsSpan(512 + 48)));
    }

    // The copy that is not sound is written first: a failure anywhere leaves the table before or after.
    [Theory]
    [InlineData(HeaderAt)]
    [InlineData(BackupAt)]
    public void OneCopySound_WriteFailsAnywhere_LeavesATable(int damagedAt)
    {
        var image = Disks.Image(Disk(Gpt, 512));
        image[damagedAt]++;
        for (var at = 1; at <= 6; at++)
        {
            var disk = Disks.Of(512, image);
            disk.Inject(new DiskFault.WriteError(at, 1));
            var next = PartitionTable.Gpt(DiskId, Gpt.Entries.Take(1).ToArray());
            _ = Disks.Done(PartitionTable.Write(Disks.Block(disk), next));
            var seen = Disks.Right(PartitionTable.Read(Disks.Block(disk))).Entries;
            Assert.True(seen.Count == 1 || seen.SequenceEqual(Gpt.Entries), $"write {at}");
        }
    }

    [Fact]
    public void UnreadableFirstHeader_Read_TheBackupCounts()
    {
        var disk = Disk(Gpt, 512);
        disk.Inject(new DiskFault.ReadError(2, 1));
        var table = Disks.Right(PartitionTable.Read(Disks.Block(disk)));
        Assert.Equal((PartitionFlaws.Primary, Gpt.Entries.Count), (table.Flaws, table.Entries.Count));
    }

    private static void Check(PartitionFlaws flaws, Action<byte[]> damage)
    {
        var image = Disks.Image(Disk(Gpt, 512));
        var sound = image.ToArray();
        damage(image);
        var disk = Disks.Of(512, image);
        var table = Disks.Right(PartitionTable.Read(Disks.Block(disk)));
        Assert.Equal(flaws, table.Flaws);
        Assert.Equal(Gpt.Entries, table.Entries);
        Assert.Equal(PartitionFlaws.None, Disks.Right(PartitionTable.Repair(Disks.Block(disk))).Flaws);
        Assert.Equal(sound[446..], Disks.Image(disk)[446..]);
    }

    private static PartitionError Left(byte[] image) =>
        Disks.Left(PartitionTable.Read(Disks.Block(Disks.Of(512, image))));
}
