using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Store = Fat<SimBlock>;

/// <summary>Volumes that somebody made to do harm: not connected, or a store whose damaged values say so and which is
/// not written to, after a bounded number of reads.</summary>
public sealed class HostileFatTests
{
    private static readonly KvKey s_new = KvKey.Root / "new", s_x = KvKey.Parse("/d/x"), s_a = KvKey.Root / "A.TXT";

    public static TheoryData<string, int, int, int> BootSectors => new()
    {
        { "sectors of 0 bytes", 11, 2, 0 },
        { "sectors of 100 bytes", 11, 2, 100 },
        { "sectors of 32768 bytes", 11, 2, 32768 },
        { "sectors that are not the device's", 11, 2, 1024 },
        { "clusters of 0 sectors", 13, 1, 0 },
        { "clusters of 3 sectors", 13, 1, 3 },
        { "clusters of 255 sectors", 13, 1, 255 },
        { "no reserved sector", 14, 2, 0 },
        { "reserved sectors beyond the volume", 14, 2, 65535 },
        { "no FAT", 16, 1, 0 },
        { "255 FATs", 16, 1, 255 },
        { "a root of 1 entry", 17, 2, 1 },
        { "a root of no entries", 17, 2, 0 },
        { "a root beyond the volume", 17, 2, 65520 },
        { "more sectors than the device has", 19, 2, 401 },
        { "1 sector", 19, 2, 1 },
        { "no sectors of a FAT", 22, 2, 0 },
        { "a FAT that is too short", 22, 2, 1 },
        { "a FAT beyond the volume", 22, 2, 65535 },
        { "no mark", 510, 2, 0 },
        { "no jump", 0, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(BootSectors))]
    public void BootSector_ThatCannotBe_IsRefused(string what, int at, int size, int value)
    {
        var image = Disks.Image(FatSamples.Small(FatKind.Fat12));
        for (var index = 0; index < size; index++)
            image[at + index] = (byte)(value >> (8 * index));
        var disk = Disks.Of(512, image);
        Assert.True(Boots.Refusal<Store>(disk) is not null, what);
        Assert.InRange(disk.Counters.Reads, 1, 2);
    }

    [Fact]
    public void VolumeOf32BitsOfSectors_ThatTheDeviceHasNot_IsRefused()
    {
        var image = Disks.Image(FatSamples.Small(FatKind.Fat12));
        image.AsSpan(19, 2).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(32), 1u << 31);
        Assert.NotNull(Boots.Refusal<Store>(Disks.Of(512, image)));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(0x0FFFFFFFu)]
    public void RootOfFat32_InNoCluster_IsRefused(uint root)
    {
        var disk = FatSamples.Empty(512, 67_000, FatKind.Fat32);
        var boot = new byte[512];
        disk.Peek(0, boot);
        BinaryPrimitives.WriteUInt32LittleEndian(boot.AsSpan(44), root);
        Disks.Right(SimBlock.Write(Disks.Block(disk), 0, [boot]));
        Assert.NotNull(Boots.Refusal<Store>(disk));
    }

    public static TheoryData<string, uint> Chains => new()
    {
        { "a loop of one", 0 },
        { "a loop", 1 },
        { "a free cluster", 2 },
        { "cluster 1", 3 },
        { "a bad cluster", 4 },
        { "beyond the last cluster", 5 },
        { "too early an end", 6 },
        { "another's chain", 7 },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Chain_ThatLeadsElsewhere_IsSaidOfItsValueAlone(string what, uint kind)
    {
        var disk = Damaged(FatKind.Fat12, (table, first, other) => kind switch
        {
            0 => (first, first),
            1 => (table(first), first),
            2 => (first, 0),
            3 => (first, 1),
            4 => (first, 0xFF7),
            5 => (first, 0xFE0),
            6 => (first, 0xFFF),
            _ => (first, other),
        });
        var store = Boots.Connect<Store>(disk);
        var image = Disks.Image(disk);
        Assert.True(Disks.Left(Store.Get(store, s_x)) is KvError.Corrupt, what);
        Assert.Equal(KvSamples.Bytes(1500, 1500), Disks.Right(Store.Get(store, s_a)));
        Assert.Equal(5000, Disks.Right(Store.Size(store, s_x)));
        Assert.IsType<KvWriteError.ReadOnly>(Disks.Left(Store.Set(store, s_new, new byte[1])));
        Assert.IsType<KvWriteError.ReadOnly>(Disks.Left(Store.Remove(store, s_x)));
        Assert.Equal(image, Disks.Image(disk));
    }

    [Theory]
    [InlineData("its parent")]
    [InlineData("a file")]
    [InlineData("nowhere")]
    public void Directory_ThatLeadsElsewhere_IsNotEntered(string where)
    {
        var image = Disks.Image(FatSamples.Small(FatKind.Fat12));
        var cluster = where switch { "its parent" => Cluster(image, "d"), "a file" => Cluster(image, "A.TXT"), _ => 0 };
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(Slot(image, "e") + 26), (ushort)cluster);
        var store = Boots.Connect<Store>(Disks.Of(512, image));
        Assert.Equal(KvSamples.Bytes(5000, 5000), Disks.Right(Store.Get(store, s_x)));
        Assert.Empty(Disks.Right(Store.List(store, KvKey.Parse("/d/e"))));
        Assert.IsType<KvWriteError.ReadOnly>(Disks.Left(Store.Set(store, s_new, new byte[1])));
    }

    public static TheoryData<string, Action<byte[]>, string> Directories => new()
    {
        { "a short name that was changed", static slots => slots[32]++, "FMPTY~1" },
        { "a checksum that is another's", static slots => slots[13]++, "EMPTY~1" },
        { "an order of 21", static slots => slots[0] = 0x40 | 21, "EMPTY~1" },
        { "an order of 0", static slots => slots[0] = 0x40, "EMPTY~1" },
        { "a slash in a name", static slots => slots[1] = (byte)'/', "EMPTY~1" },
        { "a name of a NUL", static slots => slots[1] = 0, "EMPTY~1" },
        { "a name of dots", static slots => (slots[1], slots[3]) = ((byte)'.', 0), "EMPTY~1" },
        { "a name that is erased before", static slots => slots[0] = 0xE5, "EMPTY~1" },
    };

    [Theory]
    [MemberData(nameof(Directories))]
    public void LongName_ThatContradictsItself_IsPassedOver(string what, Action<byte[]> change, string name)
    {
        var image = Disks.Image(FatSamples.Small(FatKind.Fat12));
        var at = Slot(image, "empty") - 32;
        var slots = image[at..(at + 64)];
        change(slots);
        slots.CopyTo(image, at);
        var names = Trees.Of(Boots.Connect<Store>(Disks.Of(512, image))).Keys;
        Assert.True(names.Contains($"/{name}"), what);
        Assert.DoesNotContain("/empty", names);
        Assert.Contains("/A.TXT", names);
    }

    [Fact]
    public void LabelAndErasedNames_InARoot_AreNoValues()
    {
        var image = Disks.Image(FatSamples.Small(FatKind.Fat12));
        var at = Slot(image, "A.TXT");
        image[at + 11] = FatEntry.VolumeLabel;
        Assert.DoesNotContain("/A.TXT", Trees.Of(Boots.Connect<Store>(Disks.Of(512, image))).Keys);
        image[at + 11] = FatEntry.Archive;
        image[at] = 0x05;
        Assert.Contains("/σ.TXT", Trees.Of(Boots.Connect<Store>(Disks.Of(512, image))).Keys);
    }

    [Fact]
    public void NameThatIsThereTwice_Connected_IsTheFirstAndNothingIsWritten()
    {
        var disk = FatSamples.Empty(512, 400);
        var store = Boots.Connect<Store>(disk);
        Disks.Right(Store.Set(store, KvKey.Root / "A", "1"u8.ToArray()));
        Disks.Right(Store.Set(store, KvKey.Root / "B", "2"u8.ToArray()));
        var image = Disks.Image(disk);
        image[Slot(image, "B")] = (byte)'A';
        store = Boots.Connect<Store>(Disks.Of(512, image));
        Assert.Equal("31", Assert.Single(Trees.Of(store)).Value);
        Assert.IsType<KvWriteError.ReadOnly>(Disks.Left(Store.Set(store, s_new, new byte[1])));
    }

    [Theory]
    [InlineData(FatKind.Fat12, 250UL)]
    [InlineData(FatKind.Fat16, 50UL)]
    public void Volume_Mutated_IsRefusedOrAStoreThatCanBeUsed(FatKind kind, ulong seeds)
    {
        var good = Disks.Image(FatSamples.Small(kind));
        Assert.Null(FatBoot.Parse(good, new BlockInfo(512, good.Length / 512), out var boot));
        var (connected, written) = (0, 0);
        for (ulong seed = 1; seed <= seeds; seed++)
        {
            var (random, image) = (new SplitMix64(seed), good.ToArray());
            for (var changes = 1 + random.Next(6); changes > 0; changes--)
                Mutate(random, image, boot);
            var disk = Disks.Of(512, image);
            if (Boots.Refusal<Store>(disk) is not null)
                continue;
            connected++;
            Assert.InRange(disk.Counters.Reads, 1, 100);
            var store = Boots.Connect<Store>(disk);
            foreach (var (key, kindOf) in All(store))
            {
                var outcome = Disks.Done(Store.Get(store, key));
                Assert.True(outcome.IsRight || outcome.Case is KvError.Corrupt or KvError.ValueExpected
                    or KvError.Storage, $"seed {seed}, {key} {kindOf}: {outcome.Case}");
            }

            written += Disks.Done(Store.Set(store, KvKey.Parse("/d2/new"), KvSamples.Bytes(900, 9))).IsRight ? 1 : 0;
            _ = Disks.Done(Store.Remove(store, KvKey.Root));
        }

        Assert.InRange(connected, (int)seeds / 3, (int)seeds);
        Assert.InRange(written, (int)seeds / 25, connected - ((int)seeds / 25));
    }

    private static IEnumerable<(KvKey Key, KvKind Kind)> All(Store store)
    {
        var left = new Stack<KvKey>([KvKey.Root]);
        while (left.TryPop(out var key))
        {
            foreach (var child in Disks.Right(Store.List(store, key)))
            {
                if (child.Kind is KvKind.Dictionary)
                    left.Push(child.Key);
                yield return child;
            }
        }
    }

    // Mostly in the FAT and the root, where it does most harm.
    private static void Mutate(SplitMix64 random, byte[] image, FatBoot boot)
    {
        var (first, size) = random.Next(4) switch
        {
            0 => (0, 64),
            1 => (boot.Reserved * 512, 64),
            2 => ((int)boot.RootSector * 512, 512),
            _ => ((int)boot.DataSector * 512, 60 * 512),
        };
        image[first + (int)random.Next(size)] = random.Next(3) switch
        {
            0 => (byte)random.Next(256),
            1 => (byte)random.Next(12),
            _ => 0xFF,
        };
    }

    // A volume on which an entry of the FAT is changed: told the chain of /d/x, and the first cluster of A.TXT.
    private static SimDisk Damaged(FatKind kind, Func<Func<uint, uint>, uint, uint, (uint Cluster, uint Value)> change)
    {
        var image = Disks.Image(FatSamples.Small(kind));
        Assert.Null(FatBoot.Parse(image, new BlockInfo(512, image.Length / 512), out var boot));
        var (cluster, value) = change(Entry, Cluster(image, "x"), Cluster(image, "A.TXT"));
        for (var copy = 0; copy < 2; copy++)
        {
            var at = image.AsSpan(At(cluster, copy));
            var shift = (int)(cluster & 1) * 4;
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)(
                (BinaryPrimitives.ReadUInt16LittleEndian(at) & ~(0xFFF << shift)) | (int)(value << shift)));
        }

        return Disks.Of(512, image);

        int At(uint entry, int copy) =>
            ((boot.Reserved + (copy * (int)boot.FatSectors)) * 512) + (int)(entry + (entry / 2));

        uint Entry(uint entry) =>
            (uint)(BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(At(entry, 0))) >> ((int)(entry & 1) * 4))
                & 0xFFF;
    }

    private static ushort Cluster(byte[] image, string name) =>
        BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(Slot(image, name) + 26));

    // Where the entry of that name is, in the whole image.
    private static int Slot(byte[] image, string name)
    {
        for (var at = 0; at < image.Length; at += 512)
        {
            foreach (var item in new FatFolder(image[at..(at + 512)]).Items())
            {
                if (item.Name == name)
                    return at + (item.Last * 32);
            }
        }

        throw new InvalidOperationException($"There is no {name}.");
    }
}
