using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>One directory of several as a store.</summary>
public sealed class GroupedDirectKvRoLaws : KvRoLaws<DirectKvRo<GroupedDirectKvRoLaws.Pages>>, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mirage-test-");

    public GroupedDirectKvRoLaws() => DirectKvRoLaws.Write(_root, Content);

    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override IReadOnlyList<string> Arguments => [$"--pages-files={_root.FullName}"];

    public void Dispose() => _root.Delete(recursive: true);

    protected override Host CreateHost(ulong seed) => new UnixHost();

    public readonly struct Pages : IGroup
    {
        public static string Name => "pages";
    }
}
