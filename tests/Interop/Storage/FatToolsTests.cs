using System.Globalization;
using Mirage.Storage;
using Mirage.Testing;

namespace Mirage.Interop;

using Store = Fat<SimBlock>;

/// <summary>FAT volumes that we write, checked by fsck.fat and read by mtools, and theirs read by us.</summary>
public sealed class FatToolsTests
{
    private static readonly SortedDictionary<KvKey, byte[]> s_content = Content();

    [InteropFact(Needs = "linux,fsck.fat,mcopy,mdir")]
    public void Fat12OfOurs_Checked_IsCleanAndTheSame() => CheckOurs(512, 6000, FatKind.Fat12);

    [InteropFact(Needs = "linux,fsck.fat,mcopy,mdir")]
    public void Fat16OfOurs_Checked_IsCleanAndTheSame() => CheckOurs(512, 20_000, FatKind.Fat16);

    [InteropFact(Needs = "linux,fsck.fat,mcopy,mdir")]
    public void Fat32OfOurs_Checked_IsCleanAndTheSame() => CheckOurs(512, 70_000, FatKind.Fat32);

    [InteropFact(Needs = "linux,fsck.fat,mcopy,mdir")]
    public void FatOfOursOnLargeSectors_Checked_IsCleanAndTheSame() => CheckOurs(4096, 1000, FatKind.Fat12);

    [InteropFact(Needs = "linux,fsck.fat,mkfs.fat,mcopy")]
    public void Fat12OfMtools_ReadAndChangedByUs_IsTheSame() => CheckTheirs("-F 12", 4096, 512);

    [InteropFact(Needs = "linux,fsck.fat,mkfs.fat,mcopy")]
    public void Fat16OfMtools_ReadAndChangedByUs_IsTheSame() => CheckTheirs("-F 16 -s 1", 16_384, 512);

    [InteropFact(Needs = "linux,fsck.fat,mkfs.fat,mcopy")]
    public void Fat32OfMtools_ReadAndChangedByUs_IsTheSame() => CheckTheirs("-F 32 -s 1", 40_000, 512);

    [InteropFact(Needs = "linux,fsck.fat,mkfs.fat,mcopy")]
    public void FatOfMtoolsOnLargeSectors_ReadAndChangedByUs_IsTheSame() =>
        CheckTheirs("-F 16 -S 4096 -s 1", 40_000, 4096);

    private static SortedDictionary<KvKey, byte[]> Content()
    {
        var content = new SortedDictionary<KvKey, byte[]>();
        foreach (var (key, bytes) in KvSamples.Content)
            content[key] = bytes;
        content[KvKey.Parse("/SHORT.TXT")] = KvSamples.Bytes(5, 5);
        content[KvKey.Parse($"/{new string('l', 255)}")] = KvSamples.Bytes(5, 6);
        for (var index = 0; index < 100; index++)
            content[KvKey.Parse($"/many/the same beginning {index}")] = [(byte)index];
        return content;
    }

    // Written, changed, renamed, partly removed: clean after each step.
    private static void CheckOurs(int sectorSize, long sectors, FatKind kind)
    {
        using var folder = new TemporaryFolder();
        var file = $"{folder.Path}/volume";
        var disk = new SimDisk(sectorSize, sectors);
        ImageFile.Must(disk, block => Store.Format(block, 0xCAFE0001, kind));
        Check(disk, file, new Dictionary<KvKey, byte[]>());

        ImageFile.With(disk, (Store store) => Fill(store));
        Check(disk, file, s_content);

        var changed = s_content.ToDictionary();
        ImageFile.With(disk, async (Store store) =>
        {
            foreach (var key in changed.Keys.Where(static (_, index) => index % 3 == 0).ToList())
            {
                Assert.True((await Store.Remove(store, key)).IsRight);
                changed.Remove(key);
            }

            foreach (var key in changed.Keys.Where(static (_, index) => index % 2 == 0).ToList())
                Assert.True((await Store.Set(store, key, changed[key] = KvSamples.Bytes(3000, 3))).IsRight);
            Assert.True((await Store.Rename(store, KvKey.Parse("/many"), KvKey.Parse("/deep/down/few"))).IsRight);
            return true;
        });
        Check(disk, file, changed.ToDictionary(
            static pair => KvKey.Parse($"{pair.Key}".Replace("/many/", "/deep/down/few/", StringComparison.Ordinal)),
            static pair => pair.Value));

        ImageFile.With(disk, async (Store store) => (await Store.Remove(store, KvKey.Root)).IsRight);
        Check(disk, file, new Dictionary<KvKey, byte[]>());
    }

    private static void CheckTheirs(string options, int kilobytes, int sectorSize)
    {
        using var folder = new TemporaryFolder();
        var file = $"{folder.Path}/volume";
        // They take the dot from the end of a name, and read the small letter that they wrote as a capital one.
        var content = s_content.Where(static pair => IsKnownToMtools(pair.Key) && !$"{pair.Key}".EndsWith('.')
            && pair.Key.Basename != "é").ToDictionary();
        foreach (var (key, bytes) in content)
        {
            var path = $"{folder.Path}/in{key}";
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }

        Sh.Must($"mkfs.fat -C {options} {file} {kilobytes} 2>&1 && cd {folder.Path}/in && " +
            $"LC_ALL=C.UTF-8 mcopy -s -i {file} * ::");
        var disk = ImageFile.Read(file, sectorSize);
        Assert.Equal(content.OrderBy(static pair => pair.Key),
            ImageFile.With(disk, static (Store store) => ImageFile.Values(store)));

        // And goes on where they ended.
        var changed = content.ToDictionary();
        ImageFile.With(disk, async (Store store) =>
        {
            foreach (var key in changed.Keys.Where(static (_, index) => index % 2 == 0).ToList())
                Assert.True((await Store.Set(store, key, changed[key] = KvSamples.Bytes(1200, 3))).IsRight);
            return true;
        });
        Check(disk, file, changed);
    }

    // Letters that take two units of UTF-16 are too much for them.
    private static bool IsKnownToMtools(KvKey key) => !$"{key}".Any(char.IsSurrogate);

    private static async ValueTask<bool> Fill(Store store)
    {
        foreach (var (key, bytes) in s_content)
            Assert.True((await Store.Set(store, key, bytes)).IsRight, $"{key}");
        return true;
    }

    // fsck.fat says nothing but a line with the counts; mtools lists and prints what we say is there.
    private static void Check(SimDisk disk, string file, IReadOnlyDictionary<KvKey, byte[]> content)
    {
        ImageFile.Write(disk, file);
        var verdict = Sh.Run($"fsck.fat -n {file}");
        Assert.Equal((0, ""), (verdict.ExitCode, verdict.Error));
        var lines = verdict.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("fsck.fat ", lines[0], StringComparison.Ordinal);
        Assert.Matches(string.Create(CultureInfo.InvariantCulture, $"^{file}: [0-9]+ files, [0-9]+/[0-9]+ clusters$"),
            lines[1]);

        Assert.Equal(content.OrderBy(static pair => pair.Key),
            ImageFile.With(disk, static (Store store) => ImageFile.Values(store)));
        if (content.Count == 0)
            return;
        // The whole tree copied out, by a reader that is not ours.
        Sh.Must($"rm -rf {file}.out && mkdir {file}.out && LC_ALL=C.UTF-8 mcopy -n -s -i {file} '::*' {file}.out/");
        foreach (var (key, bytes) in content.Where(static pair => IsKnownToMtools(pair.Key)))
        {
            var path = $"{file}.out{key}";
            Assert.True(File.Exists(path), $"mcopy has not found {key}.");
            Assert.Equal(bytes, File.ReadAllBytes(path));
        }

        Assert.Equal(content.Count, Directory.GetFiles($"{file}.out", "*", SearchOption.AllDirectories).Length);
        Sh.Must($"mdir -/ -i {file} ::");
    }
}
