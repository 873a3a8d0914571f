using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Store = Tar<SimBlock>;

/// <summary>Archives that somebody made to do harm: not connected, or a store that obeys the rules, after a bounded
/// number of reads.</summary>
public sealed class HostileTarTests
{
    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "text", [.. Enumerable.Repeat((byte)'x', 1024)] },
        { "size past the device", TarSamples.Entry("a", TarType.File, "x"u8, size: 100_000) },
        { "size of 2^63 - 1", TarSamples.Entry("a", TarType.File, "x"u8, size: long.MaxValue) },
        { "size below nothing", TarSamples.Entry("a", TarType.File, "x"u8, size: -1) },
        { "size of a pax record past the device", [.. Pax("size", "9223372036854775807"), .. File] },
        { "pax header past the device", TarSamples.Entry("x", TarType.Extended, "x"u8, size: 5000) },
        { "pax header of 2 MiB", TarSamples.Entry("x", TarType.Extended, new byte[2 << 20]) },
        { "pax header without an entry", Pax("path", "b") },
        { "long name without an entry", TarSamples.Entry("L", TarType.LongName, "name\0") },
        { "long name of 2 MiB", TarSamples.Entry("L", TarType.LongName, new byte[2 << 20]) },
        { "length of a record is 0", [.. TarSamples.Entry("x", TarType.Extended, "0 path=a\n"), .. File] },
        { "length of a record is too long", [.. TarSamples.Entry("x", TarType.Extended, "99 path=a\n"), .. File] },
        { "length of a record is huge", [.. TarSamples.Entry("g", TarType.Global, "99999999999 a=b\n"), .. File] },
    };

    private static byte[] File => TarSamples.Entry("a", TarType.File, "x");

    [Theory]
    [MemberData(nameof(Damaged))]
    public void DamagedArchive_Connected_IsRefused(string what, byte[] archive)
    {
        var disk = Disks.Of(512, archive);
        var refusal = Boots.Refusal<Store>(disk) ?? "connected";
        Assert.True(refusal.Contains("the archive is damaged", StringComparison.Ordinal), $"{what}: {refusal}");
        Assert.InRange(disk.Counters.Reads, 1, 4);
    }

    // Headers that hold for all entries, one in the other's place, again and again.
    [Fact]
    public void ManyGlobalHeaders_InARow_TheLastOneHolds()
    {
        var globals = Enumerable.Range(1, 500).SelectMany(static index =>
            TarSamples.Entry("g", TarType.Global, TarSamples.Record("path", $"p{index}"))).ToArray();
        var store = Boots.Connect<Store>(Disks.Of(512, [.. globals, .. File]));
        Assert.Equal(["/p500"], Trees.Of(store).Keys);
    }

    [Fact]
    public void MillionEntries_OfOneName_AreOneValue()
    {
        var index = new TarIndex();
        var entry = new TarEntry("a", TarType.File, "", 512, 0, default, false);
        for (var count = 0; count < 1_000_000; count++)
            Assert.Null(index.Add(entry));
        Assert.Equal(KvKind.Value, index.Tree.Node(KvKey.Root / "a", out _)?.Kind);
    }

    [Fact]
    public void Names_AsManyAsAreAllowed_AreTakenAndOneMoreIsNot()
    {
        Assert.Equal(1 << 18, TarIndex.NodesMax);
        var index = new TarIndex(nodesMax: 10);
        for (var count = 0; count < 8; count++)
            Assert.Null(index.Add(new($"d/e{count}", TarType.File, "", 512, 0, default, false)));
        Assert.Null(index.Add(new("d/e0", TarType.File, "", 512, 0, default, false)));
        Assert.Null(index.Add(new("d/last", TarType.File, "", 512, 0, default, false)));
        Assert.NotNull(index.Add(new("x", TarType.File, "", 512, 0, default, false)));
        Assert.Equal(0, index.LeftOut);
    }

    [Fact]
    public void Archive_OfMoreNamesThanAreAllowed_IsRefused()
    {
        var records = new byte[(TarIndex.NodesMax + 1) * 512];
        for (var index = 0; index <= TarIndex.NodesMax; index++)
            new TarHeader($"{index}", TarType.File, 0, 0, "").Emit(records.AsSpan(index * 512));
        var refusal = Boots.Refusal<Store>(Disks.Of(4096, records));
        Assert.Contains("more than 262144 names", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepestPath_InAnArchive_IsKept()
    {
        var path = string.Join('/', Enumerable.Repeat("d", 2048));
        var store = Boots.Connect<Store>(Disks.Of(512, [.. Pax("path", path), .. File]));
        Assert.Equal(1, Disks.Right(Store.Size(store, KvKey.Parse(path))));
    }

    // Cut at each byte, and what is missing is not there at all, or zeros up to the sector's end.
    [Fact]
    public void Archive_CutAtEachByte_IsRefusedOrHasWhatWasWholeBefore()
    {
        byte[] whole =
        [
            .. TarSamples.Entry("one", TarType.File, KvSamples.Bytes(600, 1)), .. Pax("path", "two/three"), .. File,
        ];
        var full = Trees.Of(Boots.Connect<Store>(Disks.Of(512, whole)));
        var refused = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var disk = Disks.Of(512, whole.AsSpan(0, length));
            if (Boots.Refusal<Store>(disk) is { } refusal)
            {
                Assert.Contains("the archive is damaged", refusal, StringComparison.Ordinal);
                refused++;
                continue;
            }

            foreach (var (key, bytes) in Trees.Of(Boots.Connect<Store>(disk)))
            {
                // Contents alone are not summed: what was cut off of them within a sector reads as zeros.
                Assert.True(full.TryGetValue(key, out var complete));
                Assert.Equal(complete.Length, bytes.Length);
            }
        }

        Assert.InRange(refused, 1000, whole.Length - 100);
    }

    [Fact]
    public void Archive_Mutated_IsRefusedOrAStoreThatCanBeRead()
    {
        byte[] good =
        [
            .. TarSamples.Entry("g", TarType.Global, TarSamples.Record("comment", "none")),
            .. Pax("path", "long/name"), .. File, .. TarSamples.Entry("L", TarType.LongName, "gnu/name\0"), .. File,
            .. TarSamples.Entry("d/", TarType.Directory, ""), .. TarSamples.Entry("h", TarType.HardLink, ""),
            .. TarSamples.Entry("e", TarType.File, KvSamples.Bytes(600, 1)), .. new byte[1024],
        ];
        var connected = 0;
        for (ulong seed = 1; seed <= 400; seed++)
        {
            var (random, image) = (new SplitMix64(seed), good.ToArray());
            for (var changes = 1 + random.Next(3); changes > 0; changes--)
                Mutate(random, image);
            var disk = Disks.Of(512, image);
            if (Boots.Refusal<Store>(disk) is { } refusal)
            {
                Assert.Contains("the archive is damaged", refusal, StringComparison.Ordinal);
                continue;
            }

            connected++;
            Assert.InRange(disk.Counters.Reads, 1, image.Length / 256);
            foreach (var (_, bytes) in Trees.Of(Boots.Connect<Store>(disk)))
                Assert.InRange(bytes.Length, 0, 2 * image.Length);
        }

        Assert.InRange(connected, 100, 390);
    }

    // A field of a header is set to what is odd, and the header summed anew; or some byte is changed.
    private static void Mutate(SplitMix64 random, byte[] image)
    {
        var block = image.AsSpan((int)random.Next(image.Length / 512) * 512, 512);
        if (random.Next(3) == 0 || TarHeader.IsEnd(block))
        {
            block[(int)random.Next(512)] = (byte)random.Next(256);
            return;
        }

        (int At, int Size)[] fields =
            [(0, 100), (124, 12), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (345, 9)];
        var (at, size) = fields[random.Next(fields.Length)];
        byte[] odd = [0, (byte)'0', (byte)'7', (byte)'x', (byte)'g', (byte)'L', (byte)'/', (byte)'.', 0x80, 0xFF];
        for (var index = random.Next(size); index < size; index += 1 + random.Next(3))
            block[at + (int)index] = odd[random.Next(odd.Length)];
        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in block)
            sum += value;
        TarNumber.Emit(sum, block.Slice(148, 7));
    }

    private static byte[] Pax(string keyword, string value) =>
        TarSamples.Entry("x", TarType.Extended, TarSamples.Record(keyword, value));
}
