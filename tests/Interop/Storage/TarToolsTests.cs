using System.Text;
using Mirage.Storage;
using Mirage.Testing;

namespace Mirage.Interop;

using Growing = TarAppend<SimBlock>;

/// <summary>Archives that we append to, read by GNU tar, bsdtar and Python, and theirs read by us.</summary>
public sealed class TarToolsTests
{
    // What both tools extract: names of all kinds, and long ones.
    private static readonly SortedDictionary<KvKey, byte[]> s_content = Content();

    [InteropFact(Needs = "linux,tar")]
    public void ArchiveOfOurs_ExtractedByGnuTar_IsTheSame() => CheckExtracted("tar --warning=all -xf", 512);

    [InteropFact(Needs = "linux,tar")]
    public void ArchiveOfOursOnLargeSectors_ExtractedByGnuTar_IsTheSame() =>
        CheckExtracted("tar --warning=all -xf", 4096);

    [InteropFact(Needs = "linux,bsdtar")]
    public void ArchiveOfOurs_ExtractedByBsdtar_IsTheSame() => CheckExtracted("LC_ALL=C.UTF-8 bsdtar -xf", 512);

    [InteropFact(Needs = "linux,python3")]
    public void ArchiveOfOurs_ExtractedByPython_IsTheSame() =>
        CheckExtracted("PYTHONUTF8=1 python3 -m tarfile -e", 512);

    [InteropFact(Needs = "linux,tar,bsdtar")]
    public void ArchiveOfOurs_Listed_HasTheNamesInTheirOrder()
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, 512);
        var names = s_content.Keys.Select(static key => $"{key}"[1..]).ToArray();
        foreach (var tool in (string[])["tar --quoting-style=literal", "LC_ALL=C.UTF-8 bsdtar"])
            Assert.Equal(names, Sh.Must($"{tool} -tf {file}").Split('\n'));
    }

    // What somebody else appends to later is theirs and ours.
    [InteropFact(Needs = "linux,tar")]
    public void ArchiveOfOurs_AppendedToByGnuTar_IsReadByUs()
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, 512);
        Sh.Must($"cd {folder.Path} && mkdir -p sub && printf later > sub/later && tar -rf {file} sub/later");
        Assert.Equal("later"u8.ToArray(), Values(file)[KvKey.Parse("/sub/later")]);
    }

    [InteropFact(Needs = "linux,tar")]
    public void ArchivesOfGnuTar_InEachFormat_AreReadByUs()
    {
        foreach (var format in (string[])["gnu", "oldgnu", "pax", "posix"])
            CheckRead($"tar --format={format} -cf");
    }

    [InteropFact(Needs = "linux,tar")]
    public void ArchivesOfGnuTar_InOldFormats_AreReadByUs()
    {
        foreach (var format in (string[])["v7", "ustar"])
            CheckRead($"tar --format={format} -cf", longNames: false);
    }

    [InteropFact(Needs = "linux,bsdtar")]
    public void ArchivesOfBsdtar_InEachFormat_AreReadByUs()
    {
        foreach (var format in (string[])["pax", "gnutar"])
            CheckRead($"LC_ALL=C.UTF-8 bsdtar --format {format} -cf");
        CheckRead("LC_ALL=C.UTF-8 bsdtar --format ustar -cf", longNames: false);
    }

    [InteropFact(Needs = "linux,python3")]
    public void ArchivesOfPython_InEachFormat_AreReadByUs()
    {
        foreach (var (format, longNames) in ((string, bool)[])[("PAX", true), ("GNU", true), ("USTAR", false)])
            CheckRead("PYTHONUTF8=1 python3 -c 'import sys,tarfile; " +
                $"out=tarfile.open(sys.argv[1], \"w\", format=tarfile.{format}_FORMAT); out.add(\".\"); out.close()'",
                longNames);
    }

    private static SortedDictionary<KvKey, byte[]> Content()
    {
        var content = new SortedDictionary<KvKey, byte[]>();
        foreach (var (key, bytes) in KvSamples.Content)
            content[key] = bytes;
        content[KvKey.Parse($"/long/{new string('p', 99)}/{new string('q', 99)}")] = KvSamples.Bytes(600, 8);
        content[KvKey.Parse($"/long/{new string('d', 200)}/{new string('e', 200)}/{new string('é', 100)}")] = [7];
        return content;
    }

    private static string Written(TemporaryFolder folder, int sectorSize)
    {
        var file = Path.Combine(folder.Path, "archive.tar");
        var disk = new SimDisk(sectorSize, 1_048_576 / sectorSize);
        ImageFile.With(disk, async (Growing store) =>
        {
            foreach (var (key, bytes) in s_content)
                Assert.True((await Growing.Set(store, key, bytes)).IsRight);
            return true;
        });
        ImageFile.Write(disk, file);
        return file;
    }

    private static void CheckExtracted(string command, int sectorSize)
    {
        using var folder = new TemporaryFolder();
        var file = Written(folder, sectorSize);
        var result = Sh.Run($"mkdir {folder.Path}/out && cd {folder.Path}/out && {command} {file}");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(s_content, Files($"{folder.Path}/out"));
    }

    private static void CheckRead(string command, bool longNames = true)
    {
        using var folder = new TemporaryFolder();
        var content = s_content.Where(pair => longNames || Encoding.UTF8.GetByteCount($"{pair.Key}") < 90)
            .ToDictionary();
        foreach (var (key, bytes) in content)
        {
            var path = $"{folder.Path}/in{key}";
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }

        var file = $"{folder.Path}/archive.tar";
        // Python's line names the folder itself.
        var what = command.Contains("python", StringComparison.Ordinal) ? "" : ".";
        Sh.Must($"cd {folder.Path}/in && {command} {file} {what}");
        Assert.Equal(content.OrderBy(static pair => pair.Key), Values(file));
    }

    private static SortedDictionary<KvKey, byte[]> Files(string folder)
    {
        var files = new SortedDictionary<KvKey, byte[]>();
        foreach (var path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            files[KvKey.Parse(Path.GetRelativePath(folder, path))] = File.ReadAllBytes(path);
        return files;
    }

    private static SortedDictionary<KvKey, byte[]> Values(string file) =>
        ImageFile.With(ImageFile.Read(file, 512), static (Tar<SimBlock> store) => ImageFile.Values(store));
}
