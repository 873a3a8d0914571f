using System.Globalization;
using System.Text.Json;
using Mirage.Storage;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>Partition tables that we write, judged by sgdisk and sfdisk, and theirs read by us.</summary>
public sealed class PartitionToolsTests
{
    private const long Sectors = 8192;

    private static readonly Guid s_disk = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    private static readonly PartitionTable s_gpt = PartitionTable.Gpt(s_disk,
        Entry(1, 2048, 1024, "boot", PartitionTypes.EfiSystem),
        Entry(2, 3072, 1000, "data é", PartitionTypes.LinuxData),
        Entry(9, 4096, 2048, "last", PartitionTypes.BasicData));

    private static readonly PartitionTable s_mbr = PartitionTable.Mbr(0xCAFE0001,
        new PartitionEntry(1, 2048, 1000) { MbrType = 0x83, IsActive = true },
        new PartitionEntry(2, 4096, 4096) { MbrType = 0x05 },
        new PartitionEntry(5, 4100, 100) { MbrType = 0x83 },
        new PartitionEntry(6, 4300, 200) { MbrType = 0x0C },
        new PartitionEntry(7, 5000, 3192) { MbrType = 0x83 });

    [InteropFact(Needs = "linux,sgdisk")]
    public void GptOfOurs_VerifiedBySgdisk_HasNoProblems()
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, s_gpt, 512);
        CheckSgdisk(file);
        Assert.Contains("Partition name: 'data é'", Sh.Must($"LC_ALL=C.UTF-8 sgdisk -i 2 {file}"),
            StringComparison.Ordinal);
    }

    [InteropFact(Needs = "linux,sfdisk")]
    public void GptOfOurs_ReadBySfdisk_IsTheSame() => CheckSfdisk(s_gpt);

    // Neither sgdisk nor sfdisk takes a file for a device of large sectors; parted does.
    [InteropFact(Needs = "linux,parted")]
    public void GptOfOursOnLargeSectors_ReadByParted_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, s_gpt, 4096);
        var seen = Sh.Run($"PARTED_SECTOR_SIZE=4096 parted -s -m {file} unit s print");
        Assert.Equal((0, ""), (seen.ExitCode, seen.Error));
        var lines = seen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"{file}:{Sectors}s:file:4096:4096:gpt::;", lines[1]);
        Assert.Equal(
            s_gpt.Entries.Select(static entry =>
                $"{entry.Index}:{entry.First}s:{entry.First + entry.Count - 1}s:{entry.Count}s::{entry.Name}:"),
            lines[2..].Select(static line => line[..(line.LastIndexOf(':') + 1)]));
    }

    [InteropFact(Needs = "linux,sfdisk")]
    public void MbrOfOurs_ReadBySfdisk_IsTheSame() => CheckSfdisk(s_mbr);

    [InteropFact(Needs = "linux,sgdisk")]
    public void RepairedGpt_VerifiedBySgdisk_HasNoProblems()
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, s_gpt, 512);
        Sh.Must($"dd if=/dev/zero of={file} bs=512 seek=1 count=1 conv=notrunc status=none");
        Assert.Contains("Main header: ERROR", Sh.Run($"sgdisk -v {file} 2>&1").Output, StringComparison.Ordinal);
        var disk = ImageFile.Read(file, 512);
        Assert.Equal(PartitionFlaws.Primary, ImageFile.Must(disk, PartitionTable.Read).Flaws);
        ImageFile.Must(disk, PartitionTable.Repair);
        ImageFile.Write(disk, file);
        CheckSgdisk(file);
    }

    [InteropFact(Needs = "linux,sgdisk")]
    public void GptOfSgdisk_ReadByUs_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "disk");
        Sh.Must($"truncate -s 4M {file} && LC_ALL=C.UTF-8 sgdisk -o -a 1 -n 1:2048:3071 -t 1:ef00 -c 1:boot " +
            $"-n 2:3072:4071 -t 2:8300 -c '2:data é' -n 9:4096:6143 -t 9:0700 -c 9:last -U {s_disk} " +
            $"-u 1:{Id(1)} -u 2:{Id(2)} -u 9:{Id(9)} {file}");
        var read = ImageFile.Must(ImageFile.Read(file, 512), PartitionTable.Read);
        Assert.Equal((s_disk, PartitionFlaws.None), (read.DiskId, read.Flaws));
        Assert.Equal(s_gpt.Entries, read.Entries);
    }

    [InteropFact(Needs = "linux,sgdisk")]
    public void HybridOfSgdisk_ReadByUs_IsTheGpt()
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, s_gpt, 512);
        Sh.Must($"sgdisk -h 1 {file}");
        var read = ImageFile.Must(ImageFile.Read(file, 512), PartitionTable.Read);
        Assert.Equal(PartitionFlaws.HybridMbr, read.Flaws);
        Assert.Equal(s_gpt.Entries, read.Entries);
    }

    [InteropFact(Needs = "linux,parted")]
    public void GptOfPartedOnLargeSectors_ReadByUs_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "disk");
        Sh.Must($"truncate -s 32M {file} && PARTED_SECTOR_SIZE=4096 parted -s {file} mklabel gpt " +
            "mkpart boot 2048s 3071s mkpart data 4096s 6143s");
        var read = ImageFile.Must(ImageFile.Read(file, 4096), PartitionTable.Read);
        Assert.Equal(PartitionFlaws.None, read.Flaws);
        Assert.Equal([(1, 2048, 1024, "boot"), (2, 4096, 2048, "data")],
            read.Entries.Select(static entry => (entry.Index, entry.First, entry.Count, entry.Name)));
    }

    [InteropFact(Needs = "linux,sfdisk")]
    public void MbrOfSfdisk_ReadByUs_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "disk");
        Sh.Must($"truncate -s 4M {file} && printf 'label: dos\\nlabel-id: 0xcafe0001\\n" +
            "1: start=2048, size=1000, type=83, bootable\\n2: start=4096, size=4096, type=5\\n" +
            "5: start=4100, size=100, type=83\\n6: start=4300, size=200, type=c\\n" +
            $"7: start=5000, size=3192, type=83\\n' | sfdisk -q {file}");
        var read = ImageFile.Must(ImageFile.Read(file, 512), PartitionTable.Read);
        Assert.Equal((PartitionScheme.Mbr, s_mbr.Signature), (read.Scheme, read.Signature));
        Assert.Equal(s_mbr.Entries, read.Entries);
    }

    // A remark on alignment is no problem of the table.
    private static void CheckSgdisk(string file)
    {
        var verdict = Sh.Must($"sgdisk -v {file} 2>&1");
        Assert.Contains("No problems found.", verdict, StringComparison.Ordinal);
        foreach (var complaint in (string[])["damaged", "arning", "invalid", "corrupt"])
            Assert.DoesNotContain(complaint, verdict, StringComparison.OrdinalIgnoreCase);
    }

    private static void CheckSfdisk(PartitionTable table)
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, table, 512);
        var verdict = Sh.Run($"sfdisk --verify {file}");
        Assert.Equal((0, ""), (verdict.ExitCode, verdict.Error));
        Assert.Contains("No errors detected.", verdict.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Sh.Must($"sfdisk --json {file}"));
        var root = json.RootElement.GetProperty("partitiontable");
        Assert.Equal(table.Scheme is PartitionScheme.Gpt ? "gpt" : "dos", root.GetProperty("label").GetString());
        Assert.Equal(
            table.Entries.Select(entry => Line(file, table.Scheme, entry)),
            root.GetProperty("partitions").EnumerateArray().Select(Line));
    }

    private static string Line(string file, PartitionScheme scheme, PartitionEntry entry) =>
        scheme is PartitionScheme.Gpt
            ? $"{file}{entry.Index} {entry.First} {entry.Count} {entry.Type} {entry.Name}".ToUpperInvariant()
            : $"{file}{entry.Index} {entry.First} {entry.Count} {entry.MbrType:x} ".ToUpperInvariant();

    private static string Line(JsonElement partition) => string.Create(CultureInfo.InvariantCulture,
        $"{Text(partition, "node")} {partition.GetProperty("start").GetInt64()} " +
        $"{partition.GetProperty("size").GetInt64()} {Text(partition, "type")} {Text(partition, "name")}")
        .ToUpperInvariant();

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : "";

    private static string Written(TemporaryFolder folder, PartitionTable table, int sectorSize)
    {
        var (disk, file) = (new SimDisk(sectorSize, Sectors), Path.Combine(folder.Path, "disk"));
        ImageFile.Must(disk, block => PartitionTable.Write(block, table));
        ImageFile.Write(disk, file);
        return file;
    }

    private static Guid Id(int index) => new(index, 1, 2, [8, 7, 6, 5, 4, 3, 2, 1]);

    private static PartitionEntry Entry(int index, long first, long count, string name, Guid type) =>
        new(index, first, count) { Type = type, Id = Id(index), Name = name };
}
