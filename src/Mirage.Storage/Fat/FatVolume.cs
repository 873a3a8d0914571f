using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>Sectors, clusters and directories of a FAT volume.</summary>
/// <remarks>A directory is named by its first cluster, the root by 0.</remarks>
internal sealed class FatVolume<TBlock>(TBlock block, FatBoot boot, FatTable table)
    where TBlock : struct, IBlock<TBlock>
{
    /// <summary>The most bytes of a FAT: it is in memory. 2^32 sectors need half of them.</summary>
    public const long TableMax = 1 << 28;

    public FatBoot Boot => boot;

    public FatTable Table => table;

    /// <summary>The volume on a device; null, with what is wrong.</summary>
    public static async ValueTask<(FatVolume<TBlock>? Volume, string Fault)> Open(TBlock block)
    {
        var info = TBlock.Info(block);
        if (info.SectorCount == 0)
            return (null, "there is no FAT volume");
        var sector = new byte[info.SectorSize];
        if (await BlockIo<TBlock>.Read(block, 0, sector) is { } failure)
            return (null, $"{failure}");
        if (FatBoot.Parse(sector, info, out var boot) is { } fault)
            return (null, fault);
        if (boot.FatSectors * boot.SectorSize > TableMax)
            return (null, $"a FAT of more than {TableMax} bytes");
        var bytes = new byte[boot.FatSectors * boot.SectorSize];
        return await BlockIo<TBlock>.Read(block, boot.Reserved, bytes) is { } unread
            ? (null, $"{unread}")
            : (new(block, boot, new FatTable(bytes, boot)), "");
    }

    /// <summary>Whether a directory is the root that lies before the clusters.</summary>
    public bool IsFixed(uint directory) => directory == 0 && boot.Kind is not FatKind.Fat32;

    /// <summary>The clusters of a directory, as far as its chain is sound, and what is wrong with it.</summary>
    public (List<uint> Clusters, string? Fault) Chain(uint directory)
    {
        var clusters = new List<uint>();
        if (IsFixed(directory))
            return (clusters, null);
        var most = FatFolder.EntriesMax * FatEntry.Size / boot.ClusterSize;
        var fault = table.Follow(directory == 0 ? boot.RootCluster : directory, Math.Max(1, most), clusters);
        return (clusters, fault);
    }

    /// <summary>The bytes of a directory.</summary>
    public async ValueTask<(byte[] Bytes, BlockError? Error)> ReadFolder(uint directory)
    {
        if (!IsFixed(directory))
        {
            var clusters = Chain(directory).Clusters;
            var bytes = new byte[clusters.Count * boot.ClusterSize];
            return (bytes, await Read(clusters, 0, bytes));
        }

        var root = new byte[boot.RootSectors * boot.SectorSize];
        return (root, await BlockIo<TBlock>.Read(block, boot.RootSector, root));
    }

    /// <summary>Writes the sectors in which a directory differs from what it was, that of the entry
    /// <paramref name="last"/> after all others, and flushes.</summary>
    public async ValueTask<BlockError?> WriteFolder(
        uint directory, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, int last)
    {
        var (clusters, size) = (Chain(directory).Clusters, boot.SectorSize);
        var own = last * FatEntry.Size / size;
        var changed = Enumerable.Range(0, after.Length / size)
            .Where(index => index != own && !IsSame(before, after, index * size, size)).ToList();
        foreach (var index in changed)
        {
            if (await Write(index) is { } failure)
                return failure;
        }

        return (changed.Count > 0 ? await BlockIo<TBlock>.Flush(block) : null) ?? await Write(own)
            ?? await BlockIo<TBlock>.Flush(block);

        ValueTask<BlockError?> Write(int index) => BlockIo<TBlock>.Write(block, IsFixed(directory)
            ? boot.RootSector + index
            : boot.SectorOf(clusters[index / boot.ClusterSectors]) + (index % boot.ClusterSectors),
            after.Slice(index * size, size));
    }

    /// <summary>Reads whole sectors of a chain, from the one with number <paramref name="sector"/> on.</summary>
    public async ValueTask<BlockError?> Read(IReadOnlyList<uint> clusters, long sector, Memory<byte> bytes)
    {
        foreach (var (at, offset, count) in Runs(clusters, sector, bytes.Length / boot.SectorSize))
        {
            var part = bytes.Slice(offset * boot.SectorSize, count * boot.SectorSize);
            if (await BlockIo<TBlock>.Read(block, at, part) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>Writes whole sectors of a chain, from its first one on.</summary>
    public async ValueTask<BlockError?> Write(IReadOnlyList<uint> clusters, ReadOnlyMemory<byte> bytes)
    {
        foreach (var (at, offset, count) in Runs(clusters, 0, bytes.Length / boot.SectorSize))
        {
            var part = bytes.Slice(offset * boot.SectorSize, count * boot.SectorSize);
            if (await BlockIo<TBlock>.Write(block, at, part) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>Flushes, writes what has changed in the FAT into all copies of it, and flushes.</summary>
    public async ValueTask<BlockError?> WriteTable()
    {
        if (await BlockIo<TBlock>.Flush(block) is { } unflushed)
            return unflushed;
        foreach (var (sector, bytes) in table.Changes().ToList())
        {
            for (var copy = 0; copy < boot.FatCount; copy++)
            {
                var at = boot.Reserved + (copy * boot.FatSectors) + sector;
                if (await BlockIo<TBlock>.Write(block, at, bytes) is { } failure)
                    return failure;
            }
        }

        return await WriteInfo(block, boot, table.Free, table.Next) ?? await BlockIo<TBlock>.Flush(block);
    }

    /// <summary>FAT32: writes the count of free clusters (Microsoft 1.03, "FAT32 FSInfo Sector Structure").</summary>
    public static async ValueTask<BlockError?> WriteInfo(TBlock block, FatBoot boot, long free, uint next)
    {
        if (boot.InfoSector == 0)
            return null;
        var sector = new byte[boot.SectorSize];
        BinaryPrimitives.WriteUInt32LittleEndian(sector, 0x41615252);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(484), 0x61417272);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(488), (uint)free);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(492), next);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(508), 0xAA550000);
        return await BlockIo<TBlock>.Write(block, boot.InfoSector, sector);
    }

    private static bool IsSame(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, int at, int size) =>
        at + size <= before.Length && before.Span.Slice(at, size).SequenceEqual(after.Span.Slice(at, size));

    // Sectors of a chain that follow one another on the device too: where, from which on, how many.
    private IEnumerable<(long Sector, int Offset, int Count)> Runs(IReadOnlyList<uint> clusters, long sector, int count)
    {
        for (var offset = 0; offset < count;)
        {
            var (index, within) = Math.DivRem((int)(sector + offset), boot.ClusterSectors);
            var run = boot.ClusterSectors - within;
            for (var next = index + 1; run < count - offset && clusters[next] == clusters[next - 1] + 1; next++)
                run += boot.ClusterSectors;
            run = Math.Min(run, count - offset);
            yield return (boot.SectorOf(clusters[index]) + within, offset, run);
            offset += run;
        }
    }
}
