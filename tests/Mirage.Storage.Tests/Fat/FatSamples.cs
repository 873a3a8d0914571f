using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>FAT volumes.</summary>
internal static class FatSamples
{
    /// <summary>A volume with nothing on it.</summary>
    public static SimDisk Empty(int sectorSize, long sectors, FatKind? kind = null, ulong seed = 1)
    {
        var disk = new SimDisk(sectorSize, sectors, seed);
        Disks.Right(Fat<SimBlock>.Format(Disks.Block(disk), 0xCAFE0001, kind));
        return disk;
    }

    /// <summary>A small volume with values, directories and names of all kinds.</summary>
    public static SimDisk Small(FatKind kind)
    {
        var disk = Empty(512, kind switch { FatKind.Fat12 => 400, FatKind.Fat16 => 4300, _ => 67_000 }, kind);
        var store = Boots.Connect<Fat<SimBlock>>(disk);
        foreach (var (key, length) in ((string, int)[])[("/A.TXT", 1500), ("/long name of a file", 700),
            ("/d/e/f", 513), ("/d/é 🦉", 3), ("/empty", 0), ("/d/x", 5000)])
            Disks.Right(Fat<SimBlock>.Set(store, KvKey.Parse(key), KvSamples.Bytes(length, (ulong)length)));
        Disks.Right(Fat<SimBlock>.Remove(store, KvKey.Parse("/long name of a file")));
        return disk;
    }
}
