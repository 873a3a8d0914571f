using System.Formats.Tar;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Store = Tar<SimBlock>;

public sealed class TarTests
{
    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void ArchiveOfTheFramework_InEachFormat_IsRead(TarEntryFormat format)
    {
        // The older two have no way to say longer names.
        var content = KvSamples.Content.Where(pair => format is TarEntryFormat.Pax or TarEntryFormat.Gnu
            || $"{pair.Key}".Length < 100).ToList();
        var store = Boots.Connect<Store>(Disks.Of(512, TarSamples.Archive(format, content)));
        var tree = Trees.Of(store).Where(static pair => !pair.Key.EndsWith('/')).ToList();
        Assert.Equal(
            content.Select(static pair => ($"{pair.Key}", Convert.ToHexString(pair.Value)))
                .OrderBy(static pair => pair.Item1, StringComparer.Ordinal),
            tree.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal(TarSamples.Time, Disks.Right(Store.LastModified(store, content[0].Key)));
    }

    [Fact]
    public void EmptyDevices_Connected_AreEmptyStores()
    {
        Assert.Empty(Of());
        Assert.Empty(Of(new byte[1024]));
        Assert.Empty(Trees.Of(Boots.Connect<Store>(new SimDisk(512, 0))));
    }

    // A lone block of zeros ends an archive, and so does the end of the device.
    [Fact]
    public void Archive_WithoutTwoBlocksAtItsEnd_IsRead()
    {
        var archive = TarSamples.Small();
        var bare = archive[..^1024];
        var tree = Of(archive);
        Assert.Equal(["/a/", "/a/one", "/empty/", "/two"], tree.Keys);
        Assert.Equal(tree, Of(bare));
        Assert.Equal(tree, Of(bare, new byte[512]));
        Assert.Equal(tree, Of(bare, new byte[512], TarSamples.Entry("late", TarType.File, "x")));
    }

    [Fact]
    public void Duplicates_InAnArchive_TheLastOneWins() => Assert.Equal("62", Of(
        TarSamples.Entry("a", TarType.File, "a"), TarSamples.Entry("./a", TarType.File, "b"))["/a"]);

    [Fact]
    public void OddNames_InAnArchive_AreReadAsTheRulingsSay()
    {
        var tree = Of(TarSamples.Entry("./", TarType.Directory, ""), TarSamples.Entry("./x//y/./z", TarType.File, "1"),
            TarSamples.Entry("old/", TarType.OldFile, ""), TarSamples.Entry("new/", TarType.File, ""),
            TarSamples.Entry("whole", TarType.Contiguous, "2"));
        Assert.Equal(["/new/", "/old/", "/whole", "/x/", "/x/y/", "/x/y/z"], tree.Keys);
    }

    public static TheoryData<string, byte[]> Unwanted => new()
    {
        { "absolute", TarSamples.Entry("/etc/passwd", TarType.File, "x") },
        { "parent", TarSamples.Entry("../x", TarType.File, "x") },
        { "parent inside", TarSamples.Entry("a/../../x", TarType.File, "x") },
        { "parent as a directory", TarSamples.Entry("a/..", TarType.Directory, "") },
        { "no name", TarSamples.Entry("", TarType.File, "x") },
        { "the root as a file", TarSamples.Entry(".", TarType.File, "x") },
        { "symbolic link", TarSamples.Entry("link", (TarType)'2', "") },
        { "character device", TarSamples.Entry("null", (TarType)'3', "") },
        { "block device", TarSamples.Entry("sda", (TarType)'4', "") },
        { "pipe", TarSamples.Entry("pipe", (TarType)'6', "") },
        { "volume label", TarSamples.Entry("label", (TarType)'V', "") },
        { "unknown type", TarSamples.Entry("what", (TarType)0xFF, "x") },
        { "hard link to nothing", TarSamples.Entry("hard", TarType.HardLink, "") },
        { "sparse", TarSamples.Entry("sparse", TarType.Sparse, "x") },
        { "sparse, pax", [.. TarSamples.Entry("x", TarType.Extended, TarSamples.Record("GNU.sparse.major", "1")),
            .. TarSamples.Entry("sparse", TarType.File, "x")] },
        { "below a value", TarSamples.Entry("a/one/below", TarType.File, "x") },
        { "a dictionary over a value", TarSamples.Entry("two", TarType.Directory, "") },
        { "a value over a dictionary", TarSamples.Entry("empty", TarType.File, "x") },
        { "NUL in a name", [.. TarSamples.Entry("x", TarType.Extended, TarSamples.Record("path", "a\0b")),
            .. TarSamples.Entry("x", TarType.File, "x")] },
        { "a name of 4097 characters", [.. TarSamples.Entry(
            "x", TarType.Extended, TarSamples.Record("path", new('p', 4097))),
            .. TarSamples.Entry("x", TarType.File, "x")] },
    };

    [Theory]
    [MemberData(nameof(Unwanted))]
    public void EntryThatNoStoreHas_BetweenOthers_IsLeftOutAlone(string what, byte[] entry)
    {
        var tree = Of(TarSamples.Small()[..^1024], entry, TarSamples.Entry("after", TarType.File, "y"));
        Assert.True(tree.Keys.SequenceEqual(["/a/", "/a/one", "/after", "/empty/", "/two"]), what);
        Assert.Equal("79", tree["/after"]);
    }

    [Fact]
    public void HardLink_ToAValueBefore_IsThatValue()
    {
        var link = TarSamples.Entry("hard", TarType.HardLink, "");
        new TarHeader("hard", TarType.HardLink, 700, 0, "./a/one").Emit(link);
        var tree = Of(TarSamples.Small()[..^1024], link, TarSamples.Entry("after", TarType.File, "y"));
        Assert.Equal(tree["/a/one"], tree["/hard"]);
        Assert.Equal("79", tree["/after"]);
    }

    [Fact]
    public void GnuNames_BeforeAnEntry_AreItsNameAndLink()
    {
        var (name, target) = (new string('n', 300), $"{new string('d', 200)}/t");
        var tree = Of(
            TarSamples.Entry("././@LongLink", TarType.LongName, target + "\0"),
            TarSamples.Entry("x", TarType.File, "1"),
            TarSamples.Entry("././@LongLink", TarType.LongLink, target + "\0"),
            TarSamples.Entry("././@LongLink", TarType.LongName, name + "\0"),
            TarSamples.Entry("y", TarType.HardLink, ""));
        Assert.Equal("31", tree[$"/{name}"]);
        Assert.Equal("31", tree[$"/{target}"]);
    }

    // The list of pieces goes on in blocks of its own.
    [Fact]
    public void SparseFile_WithALongList_IsPassedOver()
    {
        var sparse = TarSamples.Entry("s", TarType.Sparse, new byte[512 * 3], size: 512);
        sparse[482] = 1;
        sparse[512 + 504] = 1;
        TarNumber.Emit(sparse[..512].Sum(static value => value) - sparse[148..156].Sum(static value => value) + 256,
            sparse.AsSpan(148, 7));
        Assert.Equal(["/after"], Of(sparse, TarSamples.Entry("after", TarType.File, "y")).Keys);
    }

    [Fact]
    public void PaxRecords_OfTheWholeArchive_HoldUntilOthersDo()
    {
        var tree = Of(
            TarSamples.Entry("g", TarType.Global, TarSamples.Record("size", "1") + TarSamples.Record("comment", "c")),
            TarSamples.Entry("a", TarType.File, "aXX"),
            TarSamples.Entry("x", TarType.Extended, TarSamples.Record("size", "2")),
            TarSamples.Entry("b", TarType.File, "bbX"),
            TarSamples.Entry("x", TarType.Extended, "8 size=\n"), TarSamples.Entry("c", TarType.File, "ccc"));
        Assert.Equal(("61", "6262", "636363"), (tree["/a"], tree["/b"], tree["/c"]));
    }

    private static SortedDictionary<string, string> Of(params byte[][] parts) =>
        Trees.Of(Boots.Connect<Store>(Disks.Of(512, parts.SelectMany(static part => part).ToArray())));
}
