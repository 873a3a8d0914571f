namespace Mirage.Unix.Tests;

/// <summary>A file for tests of block devices. It is on a file system of a disk, since direct access needs
/// one.</summary>
internal sealed class TestDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mirage-test-");
    private readonly long _bytes;

    public TestDisk(int sectorSize, long sectors)
    {
        _bytes = sectorSize * sectors;
        Clear();
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "disk.img");

    /// <summary>Makes it anew, of zeros.</summary>
    public void Clear()
    {
        File.Delete(Path);
        SetLength(_bytes);
    }

    public void SetLength(long bytes)
    {
        using var file = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, bytes);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
