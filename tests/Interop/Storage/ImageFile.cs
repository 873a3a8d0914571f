using LanguageExt;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>Disks as files, for programs that read and write them.</summary>
internal static class ImageFile
{
    private const int PieceSize = 1 << 18;

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
        // A write of very many sectors at once is slow.
        for (var at = 0; at < bytes.Length; at += PieceSize)
        {
            var (sector, piece) = (at / sectorSize, bytes.AsMemory(at, Math.Min(PieceSize, bytes.Length - at)));
            Must(disk, block => SimBlock.Write(block, sector, [piece]));
        }

        return disk;
    }

    /// <summary>Uses a device that is connected on a disk.</summary>
    public static TResult With<T, TResult>(SimDisk disk, Func<T, ValueTask<TResult>> use) where T : struct, IDevice<T>
    {
        using var host = new SimHost(seed: 1);
        host.Attach("", disk);
        TResult result = default!;
        host.Run(async () =>
        {
            var connected = (await Boot.Connect<T>(host, [])).Match(Right: static device => device,
                Left: static error => throw new InvalidOperationException($"{error}"));
            result = await use(connected.Device);
            await connected.Disconnect();
        });
        return result;
    }

    /// <summary>All values of a store.</summary>
    public static async ValueTask<SortedDictionary<KvKey, byte[]>> Values<TKv>(TKv kv) where TKv : struct, IKvRo<TKv>
    {
        var values = new SortedDictionary<KvKey, byte[]>();
        var left = new Stack<KvKey>([KvKey.Root]);
        while (left.TryPop(out var key))
        {
            foreach (var (child, kind) in Right(await TKv.List(kv, key)))
            {
                if (kind is KvKind.Dictionary)
                    left.Push(child);
                else
                    values[child] = Right(await TKv.Get(kv, child)).ToArray();
            }
        }

        return values;
    }

    /// <summary>What an operation on a disk gave, which must succeed.</summary>
    public static T Must<TError, T>(SimDisk disk, Func<SimBlock, ValueTask<Either<TError, T>>> use)
    {
        using var host = new SimHost(seed: 1);
        Either<TError, T> outcome = default;
        host.Run(async () => outcome = await use(SimBlock.Over(host, disk)));
        return Right(outcome);
    }

    private static T Right<TError, T>(Either<TError, T> outcome) => outcome.Match(
        Right: static value => value, Left: static error => throw new InvalidOperationException($"{error}"));
}
