using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix.Tests;

public sealed class RootDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mirage-test-");

    public RootDirectoryTests()
    {
        _folder.CreateSubdirectory("sub/deep");
        File.WriteAllText(Path.Combine(_folder.FullName, "sub", "deep", "file"), "hello");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "sub", "link"), "deep");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "sub", "deep", "alias"), "file");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("sub/deep/file", true, true)]
    [InlineData("sub/deep", true, true)]
    [InlineData("", true, true)]
    [InlineData("sub/deep/none", false, false)]
    [InlineData("sub/deep/file/below", false, false)]
    [InlineData("sub/link/file", true, false)]
    [InlineData("sub/deep/alias", true, false)]
    public void Key_OnNewAndOldKernels_IsFoundWithoutLeaving(string key, bool isFound, bool isFoundByWalking)
    {
        using var beneath = new RootDirectory(Open());
        using var walking = new RootDirectory(Open(), hasOpenBeneath: false);
        foreach (var forReading in (bool[])[true, false])
        {
            Assert.Equal(isFound, IsFound(beneath, key, forReading));
            Assert.Equal(isFoundByWalking, IsFound(walking, key, forReading));
        }
    }

    // Seconds beyond the years that there are; a file system without 64 bits for them keeps less.
    [Theory]
    [InlineData(300_000_000_000)]
    [InlineData(-300_000_000_000)]
    public void TimeBeyondTheCalendar_Open_IsTheNearestThatThereIs(long seconds)
    {
        const string Memory = "/dev/shm"; // A tmpfs keeps any time.
        var path = Path.Combine(Memory, $"mirage-test-{Guid.NewGuid():N}");
        File.WriteAllText(path, "");
        try
        {
            TestLibc.SetTime(path, seconds);
            using var root = new RootDirectory(new(
                Libc.OpenAt(Libc.WorkingDirectory, Memory, Libc.PathOnly | Libc.OpenDirectory), ownsHandle: true));
            using var file = (OpenFile)root.Open(KvKey.Root / Path.GetFileName(path), forReading: true).Case;
            Assert.Equal(seconds > 0 ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue, file.Modified);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool IsFound(RootDirectory root, string key, bool forReading)
    {
        var opened = root.Open(KvKey.Parse(key), forReading);
        opened.IfRight(static file => file.Dispose());
        return opened.IsRight;
    }

    private SafeFileHandle Open() =>
        new(Libc.OpenAt(Libc.WorkingDirectory, _folder.FullName, Libc.PathOnly | Libc.OpenDirectory), ownsHandle: true);
}
