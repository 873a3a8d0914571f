using System.Runtime.CompilerServices;
using System.Text;
using LanguageExt;

namespace Mirage.Storage.Tests;

/// <summary>Files that this very assembly embeds, against the files that they were made from.</summary>
public sealed class CrunchTests
{
    private readonly Crunch<Files> _kv = Crunch<Files>.Load();

    [Fact]
    public async Task Root_ListsFilesAndDictionariesInOrder()
    {
        var children = Right(await Crunch<Files>.List(_kv, KvKey.Root));
        Assert.Equal(
            ["/a b Dictionary", "/css Dictionary", "/empty Value", "/index.de.html Value", "/index.html Value",
            "/large.bin Value"],
            children.Select(child => $"{child.Key} {child.Kind}"));
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("index.de.html")]
    [InlineData("css/site.css")]
    [InlineData("a b/é.txt")]
    [InlineData("empty")]
    [InlineData("large.bin")]
    public async Task EachFile_IsEmbeddedWithItsBytesAndItsTime(string name)
    {
        var file = new FileInfo(PathOf(name));
        var key = KvKey.Parse(name);
        var bytes = await File.ReadAllBytesAsync(file.FullName);
        Assert.Equal(bytes, Right(await Crunch<Files>.Get(_kv, key)).ToArray());
        Assert.Equal(file.Length, Right(await Crunch<Files>.Size(_kv, key)));
        Assert.Equal(file.LastWriteTimeUtc, Right(await Crunch<Files>.LastModified(_kv, key)).UtcDateTime);
        Assert.Equal(ContentHash.Of(bytes), Right(await Crunch<Files>.Digest(_kv, key)).ToArray());
        Assert.Equal(KvKind.Value, Right(await Crunch<Files>.Exists(_kv, key)));
    }

    [Fact]
    public async Task OtherSet_IsAnotherTree()
    {
        var other = Crunch<Other>.Load();
        Assert.Equal(
            "x", Encoding.ASCII.GetString(Right(await Crunch<Other>.Get(other, KvKey.Parse("only.txt"))).Span));
        Assert.Single(Right(await Crunch<Other>.List(other, KvKey.Root)));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 10, 10)]
    [InlineData(99_990, 100, 10)]
    [InlineData(100_000, 1, 0)]
    [InlineData(long.MaxValue, int.MaxValue, 0)]
    public async Task PartOfAValue_IsClippedAtItsEnd(long offset, int length, int count)
    {
        var whole = Right(await Crunch<Files>.Get(_kv, KvKey.Parse("large.bin")));
        var part = Right(await Crunch<Files>.GetPartial(_kv, KvKey.Parse("large.bin"), offset, length));
        Assert.Equal(whole.Slice((int)Math.Min(offset, whole.Length), count).ToArray(), part.ToArray());
    }

    [Fact]
    public async Task KeysThatNameNoValue_GiveTheErrorThatFits()
    {
        var (none, dictionary, below) = (KvKey.Parse("none"), KvKey.Parse("css"), KvKey.Parse("index.html/x"));
        Assert.Equal(new KvError.NotFound(none), Left(await Crunch<Files>.Get(_kv, none)));
        Assert.Equal(new KvError.ValueExpected(dictionary), Left(await Crunch<Files>.Size(_kv, dictionary)));
        Assert.Equal(new KvError.ValueExpected(KvKey.Root), Left(await Crunch<Files>.Digest(_kv, KvKey.Root)));
        Assert.Equal(new KvError.DictionaryExpected(below), Left(await Crunch<Files>.Get(_kv, below)));
        Assert.Equal(
            new KvError.DictionaryExpected(KvKey.Parse("index.html")), Left(
            await Crunch<Files>.List(_kv, KvKey.Parse("index.html"))));
        Assert.Equal(new KvError.NotFound(none), Left(await Crunch<Files>.List(_kv, none)));
        Assert.Equal(Option<KvKind>.None, Right(await Crunch<Files>.Exists(_kv, none)));
        Assert.Equal(KvKind.Dictionary, Right(await Crunch<Files>.Exists(_kv, KvKey.Root)));
    }

    [Theory]
    [InlineData("mirage-crunch/files/1/a/b", true)]
    [InlineData("mirage-crunch/other/1/a", false)]
    [InlineData("mirage-crunch/files/x/a", false)]
    [InlineData("mirage-crunch/files/99999999999999999999/a", false)]
    [InlineData("mirage-crunch/files/9223372036854775807/a", false)]
    [InlineData("mirage-crunch/files/1/", false)]
    [InlineData("mirage-crunch/files/1/../a", false)]
    [InlineData("mirage-crunch/files/1", false)]
    [InlineData("Some.Resource.resources", false)]
    public void NameOfAResource_IsReadOrIsNotOurs(string name, bool isOurs) =>
        Assert.Equal(isOurs, CrunchResources.TryParse(name, "files", out _, out _));

    private static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "files", name);

    private static T Right<TError, T>(Either<TError, T> either) => either.RightToList().Single();

    private static TError Left<TError, T>(Either<TError, T> either) => either.LeftToList().Single();

    private readonly struct Files : ICrunch;

    private readonly struct Other : ICrunch
    {
        public static string Set => "other";
    }
}
