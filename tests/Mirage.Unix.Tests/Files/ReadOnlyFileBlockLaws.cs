using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>A file as a disk of sectors of 4096 bytes that is not written.</summary>
public sealed class ReadOnlyFileBlockLaws : BlockLaws<FileBlock>, IDisposable
{
    private readonly TestDisk _disk = new(sectorSize: 4096, sectors: 60);

    protected override IReadOnlyList<string> Arguments =>
        [$"--block={_disk.Path}", "--block-sector-size=4096", "--block-read-only"];

    public void Dispose() => _disk.Dispose();

    protected override Host CreateHost(ulong seed) => new UnixHost();
}
