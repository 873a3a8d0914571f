using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>A directory of the machine as a store.</summary>
public sealed class DirectKvRoLaws : KvRoLaws<DirectKvRo>, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mirage-test-");

    public DirectKvRoLaws()
    {
        foreach (var (key, bytes) in Content)
        {
            Directory.CreateDirectory(_root.FullName + key.Parent);
            File.WriteAllBytes(_root.FullName + key, bytes);
        }
    }

    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override IReadOnlyList<string> Arguments => [$"--files={_root.FullName}"];

    public void Dispose() => _root.Delete(recursive: true);

    protected override Host CreateHost(ulong seed) => new UnixHost();
}
