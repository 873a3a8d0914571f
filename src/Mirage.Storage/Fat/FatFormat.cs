using LanguageExt;

namespace Mirage.Storage;

/// <summary>Makes empty volumes.</summary>
internal static class FatFormat
{
    private const int RootEntries = 512, Reserved32 = 32, FatCount = 2;

    // From these sizes on the wider entries are usual; a cluster is as small as it can be.
    private const long Bytes16From = 4 << 20, Bytes32From = 512 << 20;

    // A FAT is in memory: larger clusters before a FAT of more than 16 MB.
    private const long UsualClusters32 = 1 << 22;

    /// <summary>The measures of a volume that fills a device; null, with the reason, when there are none.</summary>
    public static (FatBoot? Boot, string Reason) Measure(BlockInfo info, FatKind? wanted)
    {
        var sectors = Math.Min(info.SectorCount, uint.MaxValue);
        var bytes = sectors * info.SectorSize;
        var usual = bytes < Bytes16From ? FatKind.Fat12 : bytes < Bytes32From ? FatKind.Fat16 : FatKind.Fat32;
        var kind = wanted ?? usual;
        if (info.SectorSize > 4096)
            return (null, $"FAT has no sectors of {info.SectorSize} bytes");
        for (var clusterSectors = 1; clusterSectors <= 128 && clusterSectors * info.SectorSize <= 1 << 16;
            clusterSectors *= 2)
        {
            var boot = Boot(info, sectors, kind, clusterSectors);
            if (boot.DataSector < sectors && boot.Clusters > 0 && boot.Kind == kind
                && (kind is not FatKind.Fat32 || boot.Clusters <= UsualClusters32 || clusterSectors == 128))
                return (boot, "");
        }

        return (null, $"{info.SectorCount} sectors of {info.SectorSize} bytes are none that FAT{(int)kind} can have");
    }

    /// <summary>Writes an empty volume. Until the last write, of the boot sector, there is none.</summary>
    public static async ValueTask<Either<FatError, Unit>> Write<TBlock>(TBlock block, FatKind? wanted, uint volumeId)
        where TBlock : struct, IBlock<TBlock>
    {
        var (measured, reason) = Measure(TBlock.Info(block), wanted);
        if (measured is not { } boot)
            return new FatError.Size(reason);
        var sector = new byte[boot.SectorSize];
        var failure = await BlockIo<TBlock>.Write(block, 0, sector) ?? await BlockIo<TBlock>.Flush(block)
            ?? await Clear(block, boot) ?? await WriteFirstEntries(block, boot);
        if (failure is null && boot.Kind is FatKind.Fat32)
        {
            boot.Emit(sector, volumeId);
            failure = await BlockIo<TBlock>.Write(block, FatBoot.BackupSector, sector)
                ?? await FatVolume<TBlock>.WriteInfo(block, boot, boot.Clusters - 1, FatBoot.FirstCluster + 1)
                ?? await FatVolume<TBlock>.WriteInfo(block, boot with { InfoSector = FatBoot.BackupSector + 1 },
                    boot.Clusters - 1, FatBoot.FirstCluster + 1);
        }

        boot.Emit(sector, volumeId);
        failure ??= await BlockIo<TBlock>.Flush(block) ?? await BlockIo<TBlock>.Write(block, 0, sector)
            ?? await BlockIo<TBlock>.Flush(block);
        return failure is null ? Unit.Default : new FatError.Device(failure);
    }

    private static FatBoot Boot(BlockInfo info, long sectors, FatKind kind, int clusterSectors)
    {
        var isWide = kind is FatKind.Fat32;
        var boot = new FatBoot(info.SectorSize, clusterSectors, isWide ? Reserved32 : 1, FatCount,
            isWide ? 0 : RootEntries, sectors, 0, isWide ? FatBoot.FirstCluster : 0, isWide ? 1 : 0);
        // Without the FATs there would be room for a few clusters more: a FAT for those is a little too long.
        var most = Math.Max(0, boot.Clusters) + FatBoot.FirstCluster;
        var bytes = ((most * (int)kind) + 7) / 8;
        return boot with { FatSectors = (bytes + info.SectorSize - 1) / info.SectorSize };
    }

    // Reserved sectors but the first one, FATs and root.
    private static async ValueTask<BlockError?> Clear<TBlock>(TBlock block, FatBoot boot)
        where TBlock : struct, IBlock<TBlock>
    {
        const int Piece = 1 << 16;
        var zeros = new byte[Piece];
        var end = boot.DataSector + (boot.Kind is FatKind.Fat32 ? boot.ClusterSectors : 0);
        for (var sector = 1L; sector < end;)
        {
            var count = Math.Min(end - sector, Piece / boot.SectorSize);
            var piece = zeros.AsMemory(0, (int)count * boot.SectorSize);
            if (await BlockIo<TBlock>.Write(block, sector, piece) is { } failure)
                return failure;
            sector += count;
        }

        return null;
    }

    // Entry 0 has the media byte, entry 1 says that all is well, and FAT32's root is a chain of one.
    private static async ValueTask<BlockError?> WriteFirstEntries<TBlock>(TBlock block, FatBoot boot)
        where TBlock : struct, IBlock<TBlock>
    {
        var sector = new byte[boot.SectorSize];
        ReadOnlySpan<byte> first = boot.Kind switch
        {
            FatKind.Fat12 => [0xF8, 0xFF, 0xFF],
            FatKind.Fat16 => [0xF8, 0xFF, 0xFF, 0xFF],
            _ => [0xF8, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0x0F],
        };
        first.CopyTo(sector);
        for (var copy = 0; copy < boot.FatCount; copy++)
        {
            if (await BlockIo<TBlock>.Write(block, boot.Reserved + (copy * boot.FatSectors), sector) is { } failure)
                return failure;
        }

        return null;
    }
}
