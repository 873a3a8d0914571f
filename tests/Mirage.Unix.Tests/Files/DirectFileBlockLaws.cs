using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>One file of several as a disk of sectors of 4096 bytes, past the page cache.</summary>
public sealed class DirectFileBlockLaws : BlockLaws<FileBlock<DirectFileBlockLaws.Data>>, IDisposable
{
    private readonly TestDisk _disk = new(sectorSize: 4096, sectors: 100);

    // A disk that others use takes its time.
    protected override LawOptions Options => LawOptions.Default with
    {
        CaseLimit = TimeSpan.FromMinutes(2),
        Limit = TimeSpan.FromMinutes(10),
    };

    protected override bool StartsZeroed => true;

    protected override IReadOnlyList<string> Arguments =>
        [$"--data-block={_disk.Path}", "--data-block-sector-size=4096", "--data-block-direct"];

    public void Dispose() => _disk.Dispose();

    protected override Host CreateHost(ulong seed)
    {
        _disk.Clear();
        return new UnixHost();
    }

    public readonly struct Data : IGroup
    {
        public static string Name => "data";
    }
}
