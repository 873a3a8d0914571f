using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Disks without latency: whatever is asked of one is done when the call returns.</summary>
internal static class Disks
{
    private const int PieceSize = 1 << 18;

    /// <summary>A disk that holds <paramref name="image"/>, and zeros behind it.</summary>
    public static SimDisk Of(int sectorSize, ReadOnlySpan<byte> image, long sectors = 0)
    {
        var whole = (image.Length + sectorSize - 1) / sectorSize;
        var disk = new SimDisk(sectorSize, Math.Max(sectors, whole));
        var padded = new byte[whole * sectorSize];
        image.CopyTo(padded);
        var block = Block(disk);
        // A write of very many sectors at once is slow.
        for (var at = 0; at < padded.Length; at += PieceSize)
            Right(SimBlock.Write(
                block, at / sectorSize, [padded.AsMemory(at, Math.Min(PieceSize, padded.Length - at))]));
        Right(SimBlock.Flush(block));
        return disk;
    }

    /// <summary>The disk as a device.</summary>
    public static SimBlock Block(SimDisk disk) => SimBlock.Over(new SimHost(1), disk);

    /// <summary>All bytes of the disk.</summary>
    public static byte[] Image(SimDisk disk)
    {
        var bytes = new byte[disk.Info.SectorCount * disk.Info.SectorSize];
        disk.Peek(0, bytes);
        return bytes;
    }

    /// <summary>What an operation gave, which has succeeded.</summary>
    public static T Right<TError, T>(ValueTask<Either<TError, T>> outcome) => Done(outcome)
        .Match(Right: static value => value, Left: error => throw new InvalidOperationException($"{error}"));

    /// <summary>The error of an operation, which has failed.</summary>
    public static TError Left<TError, T>(ValueTask<Either<TError, T>> outcome) => Done(outcome)
        .Match(Right: static _ => throw new InvalidOperationException("It succeeded."), Left: static error => error);

    /// <summary>What an operation gave, which is over.</summary>
    public static T Done<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompleted, "On such a disk nothing takes time.");
        return task.Result;
    }
}
