using LanguageExt;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class DirectKvRoTests : IDisposable
{
    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("mirage-test-");
    private readonly string _root;

    public DirectKvRoTests()
    {
        _root = Path.Combine(_outside.FullName, "root");
        Directory.CreateDirectory(Path.Combine(_root, "sub", "deep"));
        File.WriteAllText(Path.Combine(_outside.FullName, "secret"), "secret");
        File.WriteAllText(Path.Combine(_root, "index.html"), "hello");
        File.WriteAllBytes(Path.Combine(_root, "sub", "large"), Pattern(3_000_001));
        File.WriteAllBytes(Path.Combine(_root, "empty"), []);
    }

    public void Dispose() => _outside.Delete(recursive: true);

    [Fact]
    public void Value_Read_HasItsBytesSizeAndTime() => Run(async kv =>
    {
        Assert.Equal("hello"u8.ToArray(), Right(await DirectKvRo.Get(kv, KvKey.Parse("index.html"))).ToArray());
        Assert.Equal(5, Right(await DirectKvRo.Size(kv, KvKey.Parse("index.html"))));
        Assert.Equal(new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(_root, "index.html"))),
            Right(await DirectKvRo.LastModified(kv, KvKey.Parse("index.html"))));
        Assert.Empty(Right(await DirectKvRo.Get(kv, KvKey.Parse("empty"))).ToArray());
        Assert.Equal(Pattern(3_000_001), Right(await DirectKvRo.Get(kv, KvKey.Parse("sub/large"))).ToArray());
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 100)]
    [InlineData(1_500_000, 1_200_000)]
    [InlineData(3_000_000, 100)]
    [InlineData(3_000_001, 100)]
    [InlineData(long.MaxValue - 50, 100)]
    public void Range_Read_IsThatPartOfTheValue(long offset, int length) => Run(async kv =>
    {
        var expected = Pattern(3_000_001).Skip((int)Math.Min(offset, int.MaxValue)).Take(length).ToArray();
        var part = Right(await DirectKvRo.GetPartial(kv, KvKey.Parse("sub/large"), offset, length));
        Assert.Equal(expected, part.ToArray());
    });

    [Fact]
    public void Dictionary_Listed_HasItsChildrenInOrder() => Run(static async kv =>
    {
        Assert.Equal(
            [("/empty", KvKind.Value), ("/index.html", KvKind.Value), ("/sub", KvKind.Dictionary)],
            Right(await DirectKvRo.List(kv, KvKey.Root)).Select(static child => (child.Key.ToString(), child.Kind)));
        Assert.Equal(
            [("/sub/deep", KvKind.Dictionary), ("/sub/large", KvKind.Value)],
            Right(await DirectKvRo.List(kv, KvKey.Parse("sub")))
                .Select(static child => (child.Key.ToString(), child.Kind)));
        Assert.Empty(Right(await DirectKvRo.List(kv, KvKey.Parse("sub/deep"))));
    });

    [Fact]
    public void WrongKindOrNothing_IsSaid() => Run(static async kv =>
    {
        var (file, folder, nothing) = (KvKey.Parse("index.html"), KvKey.Parse("sub"), KvKey.Parse("sub/none"));
        Assert.Equal(new KvError.ValueExpected(folder), Left(await DirectKvRo.Get(kv, folder)));
        Assert.Equal(new KvError.ValueExpected(folder), Left(await DirectKvRo.GetPartial(kv, folder, 0, 1)));
        Assert.Equal(new KvError.ValueExpected(folder), Left(await DirectKvRo.Size(kv, folder)));
        Assert.Equal(new KvError.ValueExpected(folder), Left(await DirectKvRo.Digest(kv, folder)));
        Assert.Equal(new KvError.ValueExpected(folder), Left(await DirectKvRo.LastModified(kv, folder)));
        Assert.Equal(new KvError.DictionaryExpected(file), Left(await DirectKvRo.List(kv, file)));
        Assert.Equal(new KvError.NotFound(nothing), Left(await DirectKvRo.Get(kv, nothing)));
        Assert.Equal(new KvError.NotFound(nothing), Left(await DirectKvRo.List(kv, nothing)));
        Assert.Equal(new KvError.NotFound(file / "below"), Left(await DirectKvRo.Size(kv, file / "below")));
        var tooLong = KvKey.Root / new string('x', 300);
        Assert.Equal(new KvError.NotFound(tooLong), Left(await DirectKvRo.Get(kv, tooLong)));
        Assert.Equal(Option<KvKind>.None, Right(await DirectKvRo.Exists(kv, nothing)));
        Assert.Equal(KvKind.Value, Right(await DirectKvRo.Exists(kv, file)));
        Assert.Equal(KvKind.Dictionary, Right(await DirectKvRo.Exists(kv, KvKey.Root)));
    });

    [Fact]
    public void LinkInside_IsFollowed() => Run(async kv =>
    {
        File.CreateSymbolicLink(Path.Combine(_root, "alias"), "sub/../index.html");
        Assert.Equal("hello"u8.ToArray(), Right(await DirectKvRo.Get(kv, KvKey.Parse("alias"))).ToArray());
        Assert.Contains((KvKey.Parse("alias"), KvKind.Value), Right(await DirectKvRo.List(kv, KvKey.Root)));
    });

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("../../../../../../etc")]
    [InlineData("/proc/self/root/etc/passwd")]
    [InlineData("leak")] // A circle.
    public void LinkOut_IsNotThere(string target) => Run(async kv =>
    {
        File.CreateSymbolicLink(Path.Combine(_root, "leak"), target);
        foreach (var key in (KvKey[])[KvKey.Parse("leak"), KvKey.Parse("leak/passwd")])
        {
            Assert.Equal(new KvError.NotFound(key), Left(await DirectKvRo.Get(kv, key)));
            Assert.Equal(Option<KvKind>.None, Right(await DirectKvRo.Exists(kv, key)));
        }

        var listed = Right(await DirectKvRo.List(kv, KvKey.Root));
        Assert.DoesNotContain(listed, static child => child.Key.Basename == "leak");
    });

    [Fact]
    public void Pipe_IsNeitherValueNorWaitedFor() => Run(async kv =>
    {
        Assert.Equal(0, TestLibc.MakePipe(Path.Combine(_root, "pipe"), 0b110_000_000));
        var key = KvKey.Parse("pipe");
        Assert.Equal(new KvError.NotFound(key), Left(await DirectKvRo.Get(kv, key)));
        Assert.DoesNotContain(Right(await DirectKvRo.List(kv, KvKey.Root)), child => child.Key == key);
    });

    [Fact]
    public void Digest_IsEqualForEqualBytesOnly() => Run(async kv =>
    {
        File.WriteAllBytes(Path.Combine(_root, "copy"), Pattern(3_000_001));
        var other = Pattern(3_000_001);
        other[2_999_999] ^= 1;
        File.WriteAllBytes(Path.Combine(_root, "other"), other);
        var digest = Right(await DirectKvRo.Digest(kv, KvKey.Parse("sub/large"))).ToArray();
        Assert.Equal(ContentDigest.Size, digest.Length);
        Assert.Equal(digest, Right(await DirectKvRo.Digest(kv, KvKey.Parse("copy"))).ToArray());
        Assert.NotEqual(digest, Right(await DirectKvRo.Digest(kv, KvKey.Parse("other"))).ToArray());
    });

    [Fact]
    public void UncachedValue_Read_ComesBackToTheLoop()
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var path = Path.Combine(_root, "sub", "large");
            using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(file);
                TestLibc.DropFromCache(file);
            }

            var kv = Right(DirectKvRo.Open(_root));
            Assert.Equal(Pattern(3_000_001), Right(await DirectKvRo.Get(kv, KvKey.Parse("sub/large"))).ToArray());
            Assert.True(host.Loop.IsCurrent);
            await DirectKvRo.Disconnect(kv);
        });
    }

    [Fact]
    public void Disconnected_EveryCall_SaysSo() => Run(static async kv =>
    {
        await DirectKvRo.Disconnect(kv);
        Assert.Equal(new KvError.Disconnected(), Left(await DirectKvRo.Get(kv, KvKey.Parse("index.html"))));
        Assert.Equal(new KvError.Disconnected(), Left(await DirectKvRo.Exists(kv, KvKey.Root)));
    });

    [Fact]
    public void MissingDirectoryOrFile_Open_IsOneSentence()
    {
        Assert.Equal("/nowhere: there is no such directory", Left(DirectKvRo.Open("/nowhere")).Reason);
        Assert.Equal("nowhere: there is no such directory", Left(DirectKvRo.Open("nowhere")).Reason);
        var file = Path.Combine(_root, "index.html");
        Assert.Equal($"{file}: a file, not a directory", Left(DirectKvRo.Open(file)).Reason);
        // No name is not the directory of the program.
        Assert.Equal("the directory has no name", Left(DirectKvRo.Open("")).Reason);
    }

    private void Run(Func<DirectKvRo, ValueTask> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var kv = Right(DirectKvRo.Open(_root));
            await test(kv);
            await DirectKvRo.Disconnect(kv);
        });
    }
}
