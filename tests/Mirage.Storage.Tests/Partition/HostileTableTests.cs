using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

using static PartitionSamples;

/// <summary>Tables that somebody made to do harm: an error or a table that obeys the rules, after a bounded number of
/// reads.</summary>
public sealed class HostileTableTests
{
    private const int ReadsMax = MbrDisk<SimBlock>.LogicalMax + 8;

    public static TheoryData<string, long, long> Ranges => new()
    {
        { "first beyond last", 200, 199 },
        { "past the end", 900, Sectors },
        { "over the entries", 10, 20 },
        { "negative", -1, 100 },
        { "the whole of 64 bits", long.MinValue, long.MaxValue },
        { "overlap", 105, 107 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void GptEntry_OfAnImpossibleRange_IsAnError(string what, long first, long last)
    {
        var image = WithGpt((_, entries) =>
            new GptEntry(PartitionTypes.LinuxData, DiskId, first, last, 0, what).Emit(entries[(4 * 128)..]));
        Assert.IsType<PartitionError.Corrupt>(Disks.Left(PartitionTable.Read(Disks.Block(Disks.Of(512, image)))));
    }

    public static TheoryData<uint, uint> Sizes => new()
    {
        { 128, 0 }, { 128, 127 }, { 128, 192 }, { 128, 8192 }, { 128, uint.MaxValue }, { 0, 128 },
        { uint.MaxValue, 128 }, { uint.MaxValue, 4096 }, { 8193, 128 }, { 257, 4096 }, { 1u << 31, 2 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void GptHeader_OfImpossibleSizes_IsAnErrorBeforeTheEntriesAreRead(uint count, uint size)
    {
        var disk = Disks.Of(512, WithGpt((header, _) => header with { EntryCount = count, EntrySize = size }));
        Assert.IsType<PartitionError.Corrupt>(Disks.Left(PartitionTable.Read(Disks.Block(disk))));
        Assert.Equal(3, disk.Counters.Reads);
    }

    // 128 times 2^5 is a size that the specification allows.
    [Fact]
    public void GptEntries_Of4096Bytes_AreRead()
    {
        var disk = new SimDisk(4096, Sectors);
        Disks.Right(PartitionTable.Write(Disks.Block(disk), Gpt with
        {
            Layout = new GptHeader { EntryCount = 16, EntrySize = 4096, DiskId = DiskId, FirstUsable = 18 },
        }));
        Assert.Equal(Gpt.Entries, Disks.Right(PartitionTable.Read(Disks.Block(disk))).Entries);
    }

    [Fact]
    public void GptCopies_ThatPointToEachOtherOrNowhere_AreAnErrorOrATable()
    {
        foreach (var other in (long[])[0, 1, 2, 500, Sectors, long.MaxValue, -1])
            CheckRules(Disks.Of(512, WithGpt((header, _) => header with { OtherLba = other }, backup: false)));
    }

    public static TheoryData<string, uint, uint> Links => new()
    {
        { "itself", 0, 10 },
        { "beyond the extended partition", 900, 10 },
        { "2^32 - 1", uint.MaxValue, uint.MaxValue },
        { "a sector that is no link", 5, 10 },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void Chain_ThatLeadsElsewhere_IsAnError(string what, uint next, uint count)
    {
        var image = Disks.Image(Disk(Mbr, 512));
        new MbrEntry(false, 5, next, count).Emit(image.AsSpan((100 * 512) + 446 + 16));
        var error = Disks.Left(PartitionTable.Read(Disks.Block(Disks.Of(512, image))));
        Assert.True(error is PartitionError.Corrupt, what);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(129)]
    public void Chain_OfAsManyLinksAsAreAllowed_IsReadAndOfOneMoreIsNot(int links)
    {
        var disk = new SimDisk(512, 2000);
        var entries = Enumerable.Range(0, 128)
            .Select(static index => new PartitionEntry(5 + index, 12 + (2 * index), 1) { MbrType = 0x83 });
        Disks.Right(PartitionTable.Write(Disks.Block(disk),
            PartitionTable.Mbr(1, [new PartitionEntry(1, 10, 1990) { MbrType = 5 }, .. entries])));
        if (links > 128)
        {
            var image = Disks.Image(disk);
            var last = image.AsSpan((11 + (2 * 127)) * 512);
            new MbrEntry(false, 5, 1000, 10).Emit(last[(446 + 16)..]);
            last[..512].CopyTo(image.AsSpan(1010 * 512));
            image.AsSpan((1010 * 512) + 446 + 16, 16).Clear();
            Assert.IsType<PartitionError.Corrupt>(
                Disks.Left(PartitionTable.Read(Disks.Block(Disks.Of(512, image)))));
            return;
        }

        Assert.Equal(129, Disks.Right(PartitionTable.Read(Disks.Block(disk))).Entries.Count);
    }

    // One changed byte in one copy never shows: the other copy is whole.
    [Fact]
    public void Gpt_WithAnyByteOfOneCopyChanged_IsStillRead()
    {
        var image = Disks.Image(Disk(Gpt, 512));
        for (var at = 512; at < 512 * 34; at += at < 512 + 92 ? 1 : 53)
        {
            image[at] ^= 0xFF;
            Assert.Equal(Gpt.Entries, CheckRules(Disks.Of(512, image))!.Entries);
            image[at] ^= 0xFF;
        }
    }

    [Fact]
    public void Gpt_MutatedAndSummedAnew_IsAnErrorOrATableThatObeysTheRules()
    {
        var tables = 0;
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var random = new SplitMix64(seed);
            var image = WithGpt((header, entries) =>
            {
                var raw = new byte[512];
                header.Emit(raw);
                Mutate(random, entries[..512]);
                Mutate(random, raw.AsSpan(24, 64));
                BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(16), 0);
                BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(16), Crc32.Of(raw.AsSpan(0, 92)));
                Assert.Null(GptHeader.Parse(raw, out var mutated));
                return random.Next(2) == 0 ? header : mutated;
            });
            tables += CheckRules(Disks.Of(512, image)) is null ? 0 : 1;
        }

        Assert.InRange(tables, 10, 290);
    }

    [Fact]
    public void Mbr_Mutated_IsAnErrorOrATableThatObeysTheRules()
    {
        var tables = 0;
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var (random, image) = (new SplitMix64(seed), Disks.Image(Disk(Mbr, 512)));
            int[] records = [0, 100, 200, 599];
            Mutate(random, image.AsSpan((records[random.Next(4)] * 512) + 446, 66));
            tables += CheckRules(Disks.Of(512, image)) is null ? 0 : 1;
        }

        Assert.InRange(tables, 10, 290);
    }

    private static PartitionTable? CheckRules(SimDisk disk)
    {
        var before = disk.Counters.Reads;
        var table = Disks.Done(PartitionTable.Read(Disks.Block(disk))).Case as PartitionTable;
        Assert.InRange(disk.Counters.Reads - before, 1, ReadsMax);
        if (table is null)
            return null;
        var room = table.Entries.Where(static entry => !entry.IsLogical);
        Assert.Null(PartitionRules.Broken(room, 1, disk.Info.SectorCount - 1));
        Assert.Null(PartitionRules.Broken(table.Entries.Where(static entry => entry.IsLogical), 1, Sectors - 1));
        return table;
    }

    private static void Mutate(SplitMix64 random, Span<byte> bytes)
    {
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
            bytes[(int)random.Next(bytes.Length)] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => 0xFF,
                _ => (byte)random.Next(8),
            };
    }

    private static byte[] WithGpt(Action<GptHeader, Span<byte>> change) => WithGpt((header, entries) =>
    {
        change(header, entries);
        return header;
    });

    // Both copies changed in the same way, with sums that are right.
    private static byte[] WithGpt(Change change, bool backup = true)
    {
        var image = Disks.Image(Disk(Gpt, 512));
        foreach (var lba in backup ? (int[])[1, (int)Sectors - 1] : [1])
        {
            Assert.Null(GptHeader.Parse(image.AsSpan(lba * 512, 512), out var header));
            var entries = image.AsSpan((int)header.EntriesLba * 512, 32 * 512);
            var changed = change(header, entries);
            (changed with
            {
                MyLba = lba,
                EntriesCrc = Crc32.Of(entries),
            }).Emit(image.AsSpan(lba * 512, 512));
        }

        return image;
    }

    private delegate GptHeader Change(GptHeader header, Span<byte> entries);
}
