using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>A file as a disk of sectors of 512 bytes.</summary>
public sealed class FileBlockLaws : BlockLaws<FileBlock>, IDisposable
{
    private readonly TestDisk _disk = new(sectorSize: 512, sectors: 500);

    // A disk that others use takes its time.
    protected override LawOptions Options => LawOptions.Default with
    {
        CaseLimit = TimeSpan.FromMinutes(2),
        Limit = TimeSpan.FromMinutes(10),
    };

    protected override bool StartsZeroed => true;

    protected override IReadOnlyList<string> Arguments => [$"--block={_disk.Path}"];

    public void Dispose() => _disk.Dispose();

    protected override Host CreateHost(ulong seed)
    {
        _disk.Clear(); // Each case has a disk of its own.
        return new UnixHost();
    }
}
