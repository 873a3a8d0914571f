using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>A directory of the machine as a store that is written.</summary>
public sealed class DirectKvLaws : KvRwLaws<DirectKv>, IDisposable
{
    // In memory where that is possible: the laws are not of what a power cut leaves, and wait for thousands of flushes.
    private readonly DirectoryInfo _folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/mirage-test-{Guid.NewGuid()}")
        : Directory.CreateTempSubdirectory("mirage-test-");

    // A disk that others use takes its time.
    protected override LawOptions Options => LawOptions.Default with
    {
        CaseLimit = TimeSpan.FromMinutes(2),
        Limit = TimeSpan.FromMinutes(10),
    };

    protected override IReadOnlyList<string> Arguments => [$"--files={Root}"];

    private string Root => Path.Combine(_folder.FullName, "root");

    public void Dispose() => _folder.Delete(recursive: true);

    // Each case has an empty directory.
    protected override Host CreateHost(ulong seed)
    {
        if (Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
        Directory.CreateDirectory(Root);
        return new UnixHost();
    }

    protected override ValueTask PassTime(Host host) => ValueTask.CompletedTask;
}
