using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>A directory of the machine as a store.</summary>
public sealed class DirectKvRoLaws : KvRoLaws<DirectKvRo>, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mirage-test-");

    public DirectKvRoLaws() => Write(_root, Content);

    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override IReadOnlyList<string> Arguments => [$"--files={_root.FullName}"];

    public void Dispose() => _root.Delete(recursive: true);

    protected override Host CreateHost(ulong seed) => new UnixHost();

    internal static void Write(DirectoryInfo root, IReadOnlyDictionary<KvKey, byte[]> content)
    {
        foreach (var (key, bytes) in content)
        {
            Directory.CreateDirectory(root.FullName + key.Parent);
            File.WriteAllBytes(root.FullName + key, bytes);
        }
    }
}
