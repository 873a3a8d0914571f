using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

public sealed class FatWireTests
{
    [Theory]
    [InlineData(512, 100, FatKind.Fat12)]
    [InlineData(512, 4000, FatKind.Fat12)]
    [InlineData(512, 4_000, null)]
    [InlineData(512, 20_000, FatKind.Fat16)]
    [InlineData(512, 70_000, FatKind.Fat32)]
    [InlineData(512, 4_000_000, null)]
    [InlineData(512, uint.MaxValue, FatKind.Fat32)]
    [InlineData(4096, 1000, FatKind.Fat12)]
    [InlineData(4096, 5000, FatKind.Fat16)]
    [InlineData(4096, 100_000, FatKind.Fat32)]
    [InlineData(1024, 100_000, null)]
    public void FatBoot_OfANewVolume_IsReadAsItself(int sectorSize, long sectors, FatKind? kind)
    {
        var info = new BlockInfo(sectorSize, sectors);
        var boot = FatFormat.Measure(info, kind).Boot!.Value;
        Assert.Equal(kind ?? boot.Kind, boot.Kind);
        var sector = KvSamples.Bytes(sectorSize, 1);
        boot.Emit(sector, 7);
        Assert.Null(FatBoot.Parse(sector, info, out var read));
        Assert.Equal(boot, read);
        Assert.InRange(boot.FatSectors * sectorSize, 1, FatVolume<SimBlock>.TableMax);
    }

    // Microsoft 1.03: 4084 clusters are FAT12, 4085 FAT16, 65524 FAT16, 65525 FAT32.
    [Fact]
    public void FatKind_AtItsLimits_FollowsFromTheClustersAlone()
    {
        foreach (var (clusters, kind) in ((int, FatKind)[])[(4084, FatKind.Fat12), (4085, FatKind.Fat16),
            (65524, FatKind.Fat16), (65525, FatKind.Fat32)])
            Assert.Equal(kind, new FatBoot(512, 1, 1, 1, 0, 2 + clusters, 1, 2, 0).Kind);
    }

    [Theory]
    [InlineData(512, 30, FatKind.Fat12)]
    [InlineData(512, 3000, FatKind.Fat16)]
    [InlineData(512, 60_000, FatKind.Fat32)]
    [InlineData(8192, 60_000, null)]
    public void Device_OfASizeThatTheKindHasNot_IsNotFormatted(int sectorSize, long sectors, FatKind? kind)
    {
        var disk = new SimDisk(sectorSize, sectors);
        Assert.IsType<FatError.Size>(Disks.Left(Fat<SimBlock>.Format(Disks.Block(disk), 1, kind)));
        Assert.Equal(0, disk.Counters.Writes);
    }

    [Property]
    public void FatEntry_Emitted_IsReadAsItself(byte attributes, byte bits, uint cluster, uint length, uint stamp)
    {
        foreach (var name in (string[])["README  TXT", "\u00E5BC        ", "A~1        "])
        {
            var (entry, bytes) = (new FatEntry(name, attributes, bits, cluster, length, stamp), new byte[32]);
            entry.Emit(bytes);
            Assert.NotEqual(FatEntry.Erased, bytes[0]);
            Assert.Equal(entry, FatEntry.Read(bytes));
        }
    }

    [Fact]
    public void FatLongName_OfEveryLength_IsReadAsItself()
    {
        for (var length = 1; length <= 255; length++)
        {
            var name = new string('é', length - 1) + "x";
            var bytes = new byte[FatLongName.Entries(name) * 32];
            FatLongName.Emit(name, 9, bytes);
            Assert.Equal(name, FatLongName.Read(bytes, 9));
            Assert.Null(FatLongName.Read(bytes, 8));
            for (var at = 0; at < bytes.Length; at += 32)
            {
                bytes[at] ^= 1;
                Assert.Null(FatLongName.Read(bytes, 9));
                bytes[at] ^= 1;
            }

            Assert.Null(FatLongName.Read(bytes.AsSpan(32), 9));
            Assert.Null(FatLongName.Read([.. bytes, .. bytes[..32]], 9));
        }
    }

    [Theory]
    [InlineData("A.TXT", "A       TXT")]
    [InlineData("README", "README     ")]
    [InlineData("A-B_C.~1", "A-B_C   ~1 ")]
    public void ShortName_OfANameThatIsOne_IsItself(string name, string expected)
    {
        Assert.True(FatNames.IsShort(name, out var shortName));
        Assert.Equal(expected, shortName);
        Assert.Equal(name, FatNames.Read(new FatEntry(shortName, 0, 0, 0, 0, 0)));
    }

    [Theory]
    [InlineData("a.txt", "A~1     TXT")]
    [InlineData("long name.text", "LONGNA~1TEX")]
    [InlineData(".hidden", "HIDDEN~1   ")]
    [InlineData("日本", "__~1       ")]
    [InlineData("a.b.c", "AB~1    C  ")]
    [InlineData("A.", "A~1        ")]
    public void ShortName_OfALongName_IsGenerated(string name, string expected)
    {
        Assert.False(FatNames.IsShort(name, out _));
        Assert.Equal(expected, FatNames.Generate(name, new HashSet<string>()));
    }

    [Fact]
    public void ShortNames_OfNamesThatBeginAlike_Differ()
    {
        var taken = new HashSet<string>();
        for (var index = 0; index < 1200; index++)
            Assert.True(taken.Add(FatNames.Generate($"the same beginning {index}", taken)));
        Assert.All(taken, static name => Assert.Equal(11, name.Length));
    }

    // A short name may be meant in lower case, and has the letters of code page 437.
    [Fact]
    public void ShortName_WithCaseBitsAndOldLetters_IsReadAsItIsMeant()
    {
        Assert.Equal("read.TXT", FatNames.Read(new FatEntry("READ    TXT", 0, 8, 0, 0, 0)));
        Assert.Equal("READ.txt", FatNames.Read(new FatEntry("READ    TXT", 0, 16, 0, 0, 0)));
        Assert.Equal("Çα", FatNames.Read(new FatEntry("\u0080\u00E0         ", 0, 0, 0, 0, 0)));
    }

    [Theory]
    [InlineData(1979, 1980)]
    [InlineData(2026, 2026)]
    [InlineData(2108, 2107)]
    [InlineData(9999, 2107)]
    public void FatTime_OfAYear_IsTheNearestThatThereIs(int year, int expected)
    {
        var time = FatTime.Read(FatTime.Of(new DateTimeOffset(year, 12, 31, 23, 59, 59, TimeSpan.Zero)));
        Assert.Equal(expected, time.Year);
        Assert.Equal(time, FatTime.Read(FatTime.Of(time)));
    }

    [Property]
    public void AnyBytes_Parsed_AreRefusedOrReadWithoutAnException(byte[] bytes, uint stamp)
    {
        _ = FatTime.Read(stamp);
        var block = new byte[512];
        bytes.AsSpan(0, Math.Min(bytes.Length, 512)).CopyTo(block);
        Assert.NotNull(FatBoot.Parse(block, new BlockInfo(512, 100), out _));
        foreach (var item in new FatFolder(block).Items())
            Assert.InRange(item.Last, item.First, 15);
    }
}
