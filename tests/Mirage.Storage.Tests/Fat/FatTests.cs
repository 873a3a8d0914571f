using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Store = Fat<SimBlock>;

public sealed class FatTests
{
    private static readonly KvKey s_a = KvKey.Root / "a";

    [Theory]
    [InlineData(FatKind.Fat12)]
    [InlineData(FatKind.Fat16)]
    [InlineData(FatKind.Fat32)]
    public void Volume_ConnectedAgain_HoldsTheSame(FatKind kind)
    {
        var disk = FatSamples.Small(kind);
        var store = Boots.Connect<Store>(disk);
        Assert.Equal(["/A.TXT", "/d/", "/d/e/", "/d/e/f", "/d/x", "/d/é 🦉", "/empty"], Trees.Of(store).Keys);
        Assert.Equal(Convert.ToHexString(KvSamples.Bytes(5000, 5000)), Trees.Of(store)["/d/x"]);
        Disks.Right(Store.Rename(store, KvKey.Parse("/d"), KvKey.Parse("/deep/down/d")));
        Disks.Right(Store.Rename(store, KvKey.Parse("/A.TXT"), KvKey.Parse("/a.txt")));
        Assert.Equal(Trees.Of(store), Trees.Of(Boots.Connect<Store>(disk)));
        Assert.Contains("/deep/down/d/é 🦉", Trees.Of(store).Keys);
        Assert.Equal(Disks.Right(Store.LastModified(store, KvKey.Parse("/a.txt"))),
            Disks.Right(Store.LastModified(Boots.Connect<Store>(disk), KvKey.Parse("/a.txt"))));
    }

    [Fact]
    public void ConditionThatCannotBeRead_IsTheErrorOfTheDevice()
    {
        var disk = FatSamples.Small(FatKind.Fat12);
        var (store, key) = (Boots.Connect<Store>(disk), KvKey.Parse("/d/x"));
        var digest = Disks.Right(Store.Digest(store, key));
        disk.Inject(new DiskFault.ReadError(1, 1));
        Assert.IsType<KvError.Block>(Assert.IsType<KvWriteError.Read>(
            Disks.Left(Store.SetIf(store, key, new KvCondition.DigestEquals(digest), new byte[2]))).Inner);
        Disks.Right(Store.SetIf(store, key, new KvCondition.DigestEquals(digest), new byte[2]));
    }

    [Fact]
    public void NamesThatDifferByCase_Set_AreRefused()
    {
        var disk = FatSamples.Small(FatKind.Fat12);
        var store = Boots.Connect<Store>(disk);
        var image = Disks.Image(disk);
        foreach (var name in (string[])["/a.txt", "/D", "/D/new", "/EMPTY", "/d/É 🦉", "/D/E/g"])
            Assert.IsType<KvWriteError.BadName>(Disks.Left(Store.Set(store, KvKey.Parse(name), new byte[1])));
        // The short name that stands beside a long one is a name, too.
        Disks.Right(Store.Set(store, KvKey.Root / "somewhat long", new byte[1]));
        Assert.IsType<KvWriteError.BadName>(Disks.Left(Store.Set(store, KvKey.Root / "SOMEWH~1", new byte[1])));
        Disks.Right(Store.Remove(store, KvKey.Root / "somewhat long"));
        Assert.Equal(Trees.Of(Boots.Connect<Store>(Disks.Of(512, image))), Trees.Of(Boots.Connect<Store>(disk)));
    }

    [Theory]
    [InlineData("a*b")]
    [InlineData("a:b")]
    [InlineData("a\u0001")]
    [InlineData("a ")]
    [InlineData(" a")]
    [InlineData("...")]
    public void NameThatFatHasNot_Set_IsRefused(string name) => Assert.IsType<KvWriteError.BadName>(
        Disks.Left(Store.Set(Boots.Connect<Store>(FatSamples.Empty(512, 400)), KvKey.Root / name, new byte[1])));

    [Fact]
    public void LongestName_Set_IsKeptAndOneLongerOrNoTextIsNot()
    {
        var store = Boots.Connect<Store>(FatSamples.Empty(512, 400));
        Assert.IsType<KvWriteError.BadName>(Disks.Left(Store.Set(store, KvKey.Root / "\uD800", new byte[1])));
        Disks.Right(Store.Set(store, KvKey.Root / new string('é', 255), new byte[1]));
        Assert.IsType<KvWriteError.BadName>(
            Disks.Left(Store.Set(store, KvKey.Root / new string('e', 256), new byte[1])));
    }

    // The root of FAT12 and FAT16 has 512 entries: 256 of names that take two.
    [Fact]
    public void FixedRoot_FilledUp_HasNoSpaceAndADirectoryHas()
    {
        var disk = FatSamples.Empty(512, 4000);
        var store = Boots.Connect<Store>(disk);
        for (var index = 0; index < 256; index++)
            Disks.Right(Store.Set(store, KvKey.Root / $"k{index}", default));
        Assert.IsType<KvWriteError.NoSpace>(Disks.Left(Store.Set(store, KvKey.Root / "one more", default)));
        Disks.Right(Store.Remove(store, KvKey.Root / "k77"));
        Disks.Right(Store.Set(store, KvKey.Parse("/one more/and more"), default));
        Assert.Equal(257, Trees.Of(Boots.Connect<Store>(disk)).Count);
    }

    // After any cut: the value before or after, what was there before, and a volume that can be used.
    [Fact]
    public void Set_PowerCutAnywhere_LeavesOldOrNew()
    {
        var (old, now) = (0, 0);
        for (var at = 1; at <= 14; at++)
        {
            for (ulong seed = 1; seed <= 8; seed++)
            {
                var disk = FatSamples.Empty(512, 400, FatKind.Fat12, seed);
                var store = Boots.Connect<Store>(disk);
                Disks.Right(Store.Set(store, s_a, KvSamples.Bytes(700, 1)));
                Disks.Right(Store.Set(store, KvKey.Parse("/d/b"), KvSamples.Bytes(700, 3)));
                disk.CutPowerAt(at, static () => { });
                _ = Store.Set(store, s_a, KvSamples.Bytes(3000, 2)).AsTask();
                disk.Crash();
                var tree = Trees.Of(Boots.Connect<Store>(disk));
                Assert.Equal(["/a", "/d/", "/d/b"], tree.Keys);
                Assert.Equal(Convert.ToHexString(KvSamples.Bytes(700, 3)), tree["/d/b"]);
                var isOld = tree["/a"].Length == 1400;
                var expected = isOld ? KvSamples.Bytes(700, 1) : KvSamples.Bytes(3000, 2);
                Assert.Equal(Convert.ToHexString(expected), tree["/a"]);
                (old, now) = isOld ? (old + 1, now) : (old, now + 1);
                Disks.Right(Store.Set(Boots.Connect<Store>(disk), KvKey.Parse("/d/c"), new byte[600]));
            }
        }

        Assert.True(old > 0 && now > 0, $"{old} old, {now} new");
    }

    // Whatever is cut, what others hold keeps its bytes and nothing loops.
    [Theory]
    [InlineData("set a new one")]
    [InlineData("remove")]
    [InlineData("rename")]
    public void AnyChange_PowerCutAnywhere_LeavesTheOthersAlone(string change)
    {
        for (var at = 1; at <= 16; at++)
        {
            for (ulong seed = 1; seed <= 8; seed++)
            {
                var disk = FatSamples.Empty(512, 400, FatKind.Fat12, seed);
                var store = Boots.Connect<Store>(disk);
                Disks.Right(Store.Set(store, KvKey.Parse("/d/a"), KvSamples.Bytes(1700, 1)));
                Disks.Right(Store.Set(store, KvKey.Parse("/b"), KvSamples.Bytes(700, 3)));
                disk.CutPowerAt(at, static () => { });
                _ = change switch
                {
                    "remove" => Store.Remove(store, KvKey.Parse("/d")).AsTask(),
                    "rename" => Store.Rename(store, KvKey.Parse("/d"), KvKey.Parse("/e/f")).AsTask(),
                    _ => Store.Set(store, KvKey.Parse("/x/y/z"), new byte[900]).AsTask(),
                };
                disk.Crash();
                Assert.Equal(Convert.ToHexString(KvSamples.Bytes(700, 3)), Trees.Of(Boots.Connect<Store>(disk))["/b"]);
            }
        }
    }

    [Fact]
    public void Format_PowerCutAnywhere_LeavesNoVolumeOrANewOne()
    {
        var (none, some) = (0, 0);
        for (var at = 1; at <= 12; at++)
        {
            for (ulong seed = 1; seed <= 4; seed++)
            {
                var disk = FatSamples.Small(FatKind.Fat12);
                disk.CutPowerAt(at, static () => { });
                _ = Store.Format(Disks.Block(disk), 2, FatKind.Fat12).AsTask();
                disk.Crash();
                if (Boots.Refusal<Store>(disk) is not null)
                    none++;
                else if (Trees.Of(Boots.Connect<Store>(disk)).Count == 0)
                    some++;
                else
                    Assert.InRange(at, 1, 2); // Before the boot sector of old is gone for good.
            }
        }

        Assert.True(none > 0 && some > 0, $"{none} without, {some} with a volume");
    }

    [Fact]
    public void FailureOfTheDevice_InAChange_MakesTheStoreReadOnly()
    {
        var disk = FatSamples.Small(FatKind.Fat12);
        var store = Boots.Connect<Store>(disk);
        disk.Inject(new DiskFault.WriteError(2, 1));
        Assert.IsType<KvError.Block>(Assert.IsType<KvWriteError.Read>(
            Disks.Left(Store.Set(store, s_a, new byte[600]))).Inner);
        Assert.IsType<KvWriteError.ReadOnly>(Disks.Left(Store.Set(store, s_a, new byte[600])));
        Assert.Equal(1500, Disks.Right(Store.Size(store, KvKey.Root / "A.TXT")));
    }
}
