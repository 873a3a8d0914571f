using System.Buffers.Binary;
using System.Numerics;

namespace Mirage.Storage;

/// <summary>The boot sector of a FAT volume: its measures (Microsoft, "FAT: General Overview of On-Disk Format" 1.03,
/// "Boot Sector and BPB").</summary>
/// <remarks>
/// <code>
///  0      3      11       13        14         16     17        19        21      22        24         32
/// +------+------+--------+---------+----------+------+---------+---------+-------+---------+----------+
/// | jump | OEM  | bytes/ | sectors/| reserved | FATs | entries | sectors | media | sectors | geometry |
/// |      | name | sector | cluster | sectors  |      | of root | (16 bit)|       | per FAT |          |
/// +------+------+--------+---------+----------+------+---------+---------+-------+---------+----------+
///  32        36 FAT32:  36      40     42        44     48         50       64       510
/// +---------+          +-------+------+---------+------+----------+--------+--------+------+
/// | sectors |          | per   | flags| version | root | FSInfo   | backup | label …| 55AA |
/// | (32 bit)|          | FAT   |      |         |      | sector   |        |        |      |
/// +---------+          +-------+------+---------+------+----------+--------+--------+------+
/// </code>
/// Numbers are little-endian. The count of clusters alone decides the width of the entries ("FAT Type Determination").
/// </remarks>
/// <param name="SectorSize">Bytes of a sector.</param>
/// <param name="ClusterSectors">Sectors of a cluster.</param>
/// <param name="Reserved">Sectors before the first FAT.</param>
/// <param name="FatCount">How many copies of the FAT there are.</param>
/// <param name="RootEntries">Entries of the root that lies before the clusters; 0 for FAT32.</param>
/// <param name="Sectors">Sectors of the volume.</param>
/// <param name="FatSectors">Sectors of one copy of the FAT.</param>
/// <param name="RootCluster">FAT32: the first cluster of the root.</param>
/// <param name="InfoSector">FAT32: where the count of free clusters is; 0 for nowhere.</param>
internal readonly record struct FatBoot(int SectorSize, int ClusterSectors, int Reserved, int FatCount, int RootEntries,
    long Sectors, long FatSectors, uint RootCluster, int InfoSector)
{
    /// <summary>Bytes of the boot sector that are read.</summary>
    public const int Size = 512;

    /// <summary>FAT32: where a copy of the boot sector is.</summary>
    public const int BackupSector = 6;

    /// <summary>The number of the first cluster.</summary>
    public const uint FirstCluster = 2;

    /// <summary>Clusters from which on entries have 16 bits, and 28.</summary>
    public const long Fat16From = 4085, Fat32From = 65525;

    private const uint ClustersMax = 0x0FFFFFF5;
    private const byte Media = 0xF8;

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSize => SectorSize * ClusterSectors;

    /// <summary>The first sector of the root that lies before the clusters.</summary>
    public long RootSector => Reserved + (FatCount * FatSectors);

    /// <summary>Sectors of that root.</summary>
    public int RootSectors => RootEntries * FatEntry.Size / SectorSize;

    /// <summary>The first sector of the first cluster.</summary>
    public long DataSector => RootSector + RootSectors;

    /// <summary>How many clusters there are.</summary>
    public long Clusters => (Sectors - DataSector) / ClusterSectors;

    /// <summary>The width of the entries.</summary>
    public FatKind Kind =>
        Clusters < Fat16From ? FatKind.Fat12 : Clusters < Fat32From ? FatKind.Fat16 : FatKind.Fat32;

    /// <summary>The first sector of a cluster.</summary>
    public long SectorOf(uint cluster) => DataSector + ((long)(cluster - FirstCluster) * ClusterSectors);

    /// <summary>Reads a boot sector of a device, and says what is wrong with it; null for nothing. What passes lies on
    /// the device.</summary>
    public static string? Parse(ReadOnlySpan<byte> source, BlockInfo info, out FatBoot boot)
    {
        boot = default;
        if (source.Length < Size || source[510] != 0x55 || source[511] != 0xAA || source[0] is not (0xEB or 0xE9))
            return "there is no FAT volume";
        var total = (long)BinaryPrimitives.ReadUInt16LittleEndian(source[19..]);
        var perFat = (long)BinaryPrimitives.ReadUInt16LittleEndian(source[22..]);
        var isWide = perFat == 0;
        boot = new FatBoot(BinaryPrimitives.ReadUInt16LittleEndian(source[11..]), source[13],
            BinaryPrimitives.ReadUInt16LittleEndian(source[14..]), source[16],
            BinaryPrimitives.ReadUInt16LittleEndian(source[17..]),
            total > 0 ? total : BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
            isWide ? BinaryPrimitives.ReadUInt32LittleEndian(source[36..]) : perFat,
            isWide ? BinaryPrimitives.ReadUInt32LittleEndian(source[44..]) : 0,
            isWide ? BinaryPrimitives.ReadUInt16LittleEndian(source[48..]) : 0);
        if (boot.Misfit(info) is { } fault)
            return fault;
        if (isWide && (BinaryPrimitives.ReadUInt16LittleEndian(source[40..]) & 0x80) != 0)
            return "only one copy of the FAT is kept";
        return isWide && BinaryPrimitives.ReadUInt16LittleEndian(source[42..]) != 0
            ? "a version of FAT32 that is not 0"
            : null;
    }

    /// <summary>Writes a boot sector, with nothing to boot in it.</summary>
    public void Emit(Span<byte> sector, uint volumeId)
    {
        sector.Clear();
        var isWide = Kind is FatKind.Fat32;
        (sector[0], sector[1], sector[2]) = (0xEB, isWide ? (byte)0x58 : (byte)0x3C, 0x90);
        "MIRAGE  "u8.CopyTo(sector[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[11..], (ushort)SectorSize);
        sector[13] = (byte)ClusterSectors;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[14..], (ushort)Reserved);
        sector[16] = (byte)FatCount;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[17..], (ushort)RootEntries);
        var isSmall = Sectors <= ushort.MaxValue && !isWide;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[19..], isSmall ? (ushort)Sectors : (ushort)0);
        sector[21] = Media;
        BinaryPrimitives.WriteUInt16LittleEndian(sector[22..], isWide ? (ushort)0 : (ushort)FatSectors);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[24..], 63);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[26..], 255);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[32..], isSmall ? 0 : (uint)Sectors);
        var tail = sector[36..];
        if (isWide)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sector[36..], (uint)FatSectors);
            BinaryPrimitives.WriteUInt32LittleEndian(sector[44..], RootCluster);
            BinaryPrimitives.WriteUInt16LittleEndian(sector[48..], (ushort)InfoSector);
            BinaryPrimitives.WriteUInt16LittleEndian(sector[50..], BackupSector);
            tail = sector[64..];
        }

        (tail[0], tail[2]) = (0x80, 0x29);
        BinaryPrimitives.WriteUInt32LittleEndian(tail[3..], volumeId);
        "NO NAME    "u8.CopyTo(tail[7..]);
        (Kind is FatKind.Fat12 ? "FAT12   "u8 : Kind is FatKind.Fat16 ? "FAT16   "u8 : "FAT32   "u8).CopyTo(tail[18..]);
        (sector[510], sector[511]) = (0x55, 0xAA);
    }

    private string? Misfit(BlockInfo info)
    {
        if (SectorSize != info.SectorSize)
            return $"it was made for sectors of {SectorSize} bytes";
        if (ClusterSectors is 0 or > 128 || !BitOperations.IsPow2(ClusterSectors))
            return $"clusters of {ClusterSectors} sectors";
        if (Reserved == 0 || FatCount is 0 or > 4 || FatSectors == 0)
            return $"{Reserved} reserved sectors, {FatCount} FATs of {FatSectors} sectors";
        if (RootEntries * FatEntry.Size % SectorSize != 0)
            return $"a root of {RootEntries} entries";
        if (Sectors > info.SectorCount || DataSector >= Sectors || Clusters == 0 || Clusters >= ClustersMax)
            return $"a volume of {Sectors} sectors on {info.SectorCount}, {Clusters} clusters from {DataSector} on";
        var isWide = Kind is FatKind.Fat32;
        if (isWide != (RootEntries == 0) || (isWide && InfoSector >= Reserved))
            return $"{Clusters} clusters and a root of {RootEntries} entries";
        if (FatSectors * SectorSize * 8 / (int)Kind < Clusters + FirstCluster)
            return $"FATs of {FatSectors} sectors for {Clusters} clusters";
        return isWide && (RootCluster < FirstCluster || RootCluster - FirstCluster >= Clusters)
            ? $"a root in cluster {RootCluster}"
            : null;
    }
}
