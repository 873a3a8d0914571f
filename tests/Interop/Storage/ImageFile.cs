using LanguageExt;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>Disks as files, for programs that read and write them.</summary>
internal static class ImageFile
{
    /// <summary>Writes all of a disk into a file.</summary>
    public static void Write(SimDisk disk, string path)
    {
        var bytes = new byte[disk.Info.SectorCount * disk.Info.SectorSize];
        disk.Peek(0, bytes);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A disk that holds what a file does; the last sector is filled up with zeros.</summary>
    public static SimDisk Read(string path, int sectorSize)
    {
        var bytes = File.ReadAllBytes(path);
        Array.Resize(ref bytes, (bytes.Length + sectorSize - 1) / sectorSize * sectorSize);
        var disk = new SimDisk(sectorSize, bytes.Length / sectorSize);
        Must(disk, block => SimBlock.Write(block, 0, [bytes]));
        return disk;
    }

    /// <summary>What an operation on a disk gave, which must succeed.</summary>
    public static T Must<TError, T>(SimDisk disk, Func<SimBlock, ValueTask<Either<TError, T>>> use)
    {
        using var host = new SimHost(seed: 1);
        Either<TError, T> outcome = default;
        host.Run(async () => outcome = await use(SimBlock.Over(host, disk)));
        return outcome.Match(
            Right: static value => value, Left: error => throw new InvalidOperationException($"{error}"));
    }
}
