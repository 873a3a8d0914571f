using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class GroupedDirectKvTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mirage-test-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void DirectoryOfAGroup_IsNamedByItsKey()
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var kv = Right(await Boot.Connect<DirectKv<Pages>>(host, [$"--pages-files={_root.FullName}"])).Device;
            Right(await DirectKv<Pages>.Set(kv, KvKey.Root / "a", "hello"u8.ToArray()));
            Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(_root.FullName, "a")));
            Assert.Equal(5, Right(await DirectKv<Pages>.Size(kv, KvKey.Root / "a")));
            await DirectKv<Pages>.Disconnect(kv);
        });
    }

    private readonly struct Pages : IGroup
    {
        public static string Name => "pages";
    }
}
