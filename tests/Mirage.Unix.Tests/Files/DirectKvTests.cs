using LanguageExt;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class DirectKvTests : IDisposable
{
    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("mirage-test-");
    private readonly string _root;

    public DirectKvTests()
    {
        _root = Path.Combine(_outside.FullName, "root");
        Directory.CreateDirectory(_root);
        File.WriteAllText(Path.Combine(_outside.FullName, "secret"), "secret");
    }

    private string Temporary => Path.Combine(_root, RootDirectory.Temporary);

    public void Dispose() => _outside.Delete(recursive: true);

    [Fact]
    public void WhatACrashLeft_IsDeletedAtConnect()
    {
        Directory.CreateDirectory(Path.Combine(Temporary, "3", "below"));
        File.WriteAllText(Path.Combine(Temporary, "3", "below", "a"), "removed");
        File.WriteAllText(Path.Combine(Temporary, "4"), "half");
        File.CreateSymbolicLink(Path.Combine(Temporary, "5"), _outside.FullName);
        Run(async (_, kv) =>
        {
            Assert.Empty(Directory.GetFileSystemEntries(Temporary));
            Assert.Empty(Right(await DirectKv.List(kv, KvKey.Root)));
        });
        Assert.True(File.Exists(Path.Combine(_outside.FullName, "secret")));
    }

    [Fact]
    public void SecondWriter_IsRefusedAndAReaderIsNot() => Run(async (host, kv) =>
    {
        var second = await Boot.Connect<DirectKv>(host, [$"--files={_root}"]);
        Assert.Contains("written by another program", Left(second).Reason, StringComparison.Ordinal);
        Right(await DirectKv.Set(kv, KvKey.Root / "a", "hello"u8.ToArray()));
        var reader = Right(await Boot.Connect<DirectKvRo>(host, [$"--files={_root}"])).Device;
        Assert.Equal([KvKey.Root / "a"],
            Right(await DirectKvRo.List(reader, KvKey.Root)).Select(static child => child.Key));
        await DirectKvRo.Disconnect(reader);
    });

    [Theory]
    [InlineData("")]
    [InlineData("/below/it")]
    public void PlaceOfUnfinishedFiles_IsNoKey(string below) => Run(async (_, kv) =>
    {
        var key = KvKey.Parse(RootDirectory.Temporary + below);
        Assert.IsType<KvWriteError.BadName>(Left(await DirectKv.Set(kv, key, new byte[1])));
        Assert.Equal(Option<KvKind>.None, Right(await DirectKv.Exists(kv, key)));
        Right(await DirectKv.Remove(kv, key));
        Right(await DirectKv.Remove(kv, KvKey.Root));
        Assert.True(Directory.Exists(Temporary));
        Right(await DirectKv.Set(kv, KvKey.Root / "sub" / RootDirectory.Temporary, new byte[1]));
    });

    [Theory]
    [InlineData(255, 1, true)]
    [InlineData(256, 1, false)]
    [InlineData(255, 16, true)] // A path of 4096 bytes with its NUL.
    [InlineData(240, 17, false)] // One of 4097.
    public void Name_OfTheLongestAndOneMore_IsKeptOrRefused(int length, int depth, bool isKept) => Run(async (_, kv) =>
    {
        var key = Enumerable.Repeat(new string('x', length), depth)
            .Aggregate(KvKey.Root, static (at, name) => at / name);
        var outcome = await DirectKv.Set(kv, key, new byte[3]);
        Assert.Equal(isKept, outcome.IsRight);
        if (isKept)
            Assert.Equal(3, Right(await DirectKv.Size(kv, key)));
        else
            Assert.IsType<KvWriteError.BadName>(Left(outcome));
        Assert.Equal(isKept ? 1 : 0, Right(await DirectKv.List(kv, KvKey.Root)).Count);
        Right(await DirectKv.Remove(kv, KvKey.Root));
    });

    [Fact]
    public void HalfOfASurrogatePair_IsNoOtherCharacter() => Run(async (_, kv) =>
    {
        Right(await DirectKv.Set(kv, KvKey.Root / "\uFFFD", new byte[3]));
        Assert.IsType<KvWriteError.BadName>(Left(await DirectKv.Set(kv, KvKey.Root / "\uD800", new byte[5])));
        Assert.Equal(Option<KvKind>.None, Right(await DirectKv.Exists(kv, KvKey.Root / "\uD800")));
    });

    [Fact]
    public void LinkOut_IsReplacedAndNotWrittenThrough() => Run(async (_, kv) =>
    {
        var (link, folder) = (KvKey.Root / "link", KvKey.Root / "folder");
        File.CreateSymbolicLink(Path.Combine(_root, "link"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_root, "folder"), "..");
        Right(await DirectKv.SetPartial(kv, link, 3, "new"u8.ToArray()));
        Assert.Equal("new"u8.ToArray(), Right(await DirectKv.Get(kv, link)).ToArray());
        Assert.True((await DirectKv.Set(kv, folder / "secret", "new"u8.ToArray())).IsLeft);
        Right(await DirectKv.Remove(kv, folder / "secret"));
        Assert.True((await DirectKv.Rename(kv, link, folder / "moved")).IsLeft);
        Assert.Equal("secret", await File.ReadAllTextAsync(Path.Combine(_outside.FullName, "secret")));
        Assert.Equal(2, _outside.GetFileSystemInfos().Length);
    });

    [Fact]
    public void AllocationOfMoreThanThereIs_IsNoSpaceAndLeavesNothing() => Run(async (_, kv) =>
    {
        foreach (var size in (long[])[1L << 50, long.MaxValue])
            Assert.IsType<KvWriteError.NoSpace>(Left(await DirectKv.Allocate(kv, KvKey.Parse("/a/b"), size)));
        Assert.Empty(Right(await DirectKv.List(kv, KvKey.Root)));
        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
    });

    [Fact]
    public void Disconnect_WaitsForWhatIsUnderWay() => Run(async (_, kv) =>
    {
        var sets = Enumerable.Range(0, 20)
            .Select(index => DirectKv.Set(kv, KvKey.Root / $"{index}", new byte[10_000]).AsTask()).ToArray();
        await DirectKv.Disconnect(kv);
        Assert.All(await Task.WhenAll(sets), static outcome => Assert.True(outcome.IsRight));
        Assert.Equal(20, Directory.GetFiles(_root).Length);
        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
    });

    [Fact]
    public void DirectoryThatIsNone_IsSaid()
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var error = Left(await Boot.Connect<DirectKv>(host, [$"--files={_root}/none"]));
            Assert.Contains("there is no such directory", error.Reason, StringComparison.Ordinal);
        });
    }

    private void Run(Func<UnixHost, DirectKv, ValueTask> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var kv = Right(await Boot.Connect<DirectKv>(host, [$"--files={_root}"])).Device;
            await test(host, kv);
            await DirectKv.Disconnect(kv);
        });
    }
}
