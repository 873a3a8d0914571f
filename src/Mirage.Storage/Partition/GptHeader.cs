using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>The header of one of the two copies of a GUID partition table (UEFI 2.10 section 5.3.2).</summary>
/// <remarks>
/// <code>
///  0          8          12      16      20     24       32          40            48           56
/// +----------+----------+-------+-------+------+--------+-----------+-------------+------------+
/// | EFI PART | revision | bytes | CRC32 | zero | my LBA | other LBA | first usable| last usable|
/// +----------+----------+-------+-------+------+--------+-----------+-------------+------------+
///  56        72           80      84           88              92
/// +---------+------------+-------+------------+---------------+
/// | disk id | entries at | count | entry size | entries CRC32 |   zeros to the end of the sector
/// +---------+------------+-------+------------+---------------+
/// </code>
/// Numbers are little-endian; the CRC is over the header with its own field zero. A sector number above 2^63 is read as
/// a negative one, which is on no device.
/// </remarks>
/// <param name="MyLba">Where this header is.</param>
/// <param name="OtherLba">Where the other copy's header is.</param>
/// <param name="FirstUsable">The first sector that a partition may have.</param>
/// <param name="LastUsable">The last one.</param>
/// <param name="DiskId">What tells disks apart.</param>
/// <param name="EntriesLba">Where the entries begin.</param>
/// <param name="EntryCount">How many entries there is room for.</param>
/// <param name="EntrySize">Bytes of an entry.</param>
/// <param name="EntriesCrc">The CRC of all entries, used or not.</param>
internal readonly record struct GptHeader(long MyLba, long OtherLba, long FirstUsable, long LastUsable, Guid DiskId,
    long EntriesLba, uint EntryCount, uint EntrySize, uint EntriesCrc)
{
    /// <summary>Bytes of the header as it is written.</summary>
    public const int Size = 92;

    /// <summary>The most bytes that the entries may take: 64 times the usual.</summary>
    public const int EntryBytesMax = 1 << 20;

    private const uint Revision = 0x00010000;
    private const int CrcAt = 16;

    /// <summary>Bytes of all entries.</summary>
    public int EntryBytes => (int)(EntryCount * EntrySize);

    private static ReadOnlySpan<byte> Mark => "EFI PART"u8;

    /// <summary>Whether a sector begins as a header does, sound or not.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> sector) => sector.StartsWith(Mark);

    /// <summary>Reads a header from its sector, and says what is wrong with it; null for nothing.</summary>
    public static string? Parse(ReadOnlySpan<byte> sector, out GptHeader header)
    {
        header = default;
        if (!IsMarked(sector) || sector.Length < Size)
            return "there is no header";
        var size = BinaryPrimitives.ReadUInt32LittleEndian(sector[12..]);
        if (size < Size || size > sector.Length)
            return $"a header of {size} bytes";
        if (Sum(sector[..(int)size]) != BinaryPrimitives.ReadUInt32LittleEndian(sector[CrcAt..]))
            return "the header's checksum is wrong";
        // The lower half counts changes that old readers can read.
        if (BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]) >> 16 != Revision >> 16)
            return "a revision that is not 1";
        header = new(Long(sector[24..]), Long(sector[32..]), Long(sector[40..]), Long(sector[48..]),
            new Guid(sector[56..72]), Long(sector[72..]), BinaryPrimitives.ReadUInt32LittleEndian(sector[80..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[84..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[88..]));
        return null;
    }

    /// <summary>Writes the header with its checksum, and zeros to the end of the sector.</summary>
    public void Emit(Span<byte> sector)
    {
        sector.Clear();
        Mark.CopyTo(sector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[8..], Revision);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[12..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(sector[24..], MyLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[32..], OtherLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[40..], FirstUsable);
        BinaryPrimitives.WriteInt64LittleEndian(sector[48..], LastUsable);
        DiskId.TryWriteBytes(sector[56..]);
        BinaryPrimitives.WriteInt64LittleEndian(sector[72..], EntriesLba);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[80..], EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[84..], EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[88..], EntriesCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[CrcAt..], Sum(sector[..Size]));
    }

    /// <summary>What is wrong with the header at <paramref name="lba"/> of a device; null for nothing. What passes may
    /// be followed: the entries are on the device and of a bounded size.</summary>
    public string? Misfit(long lba, BlockInfo info)
    {
        if (MyLba != lba)
            return $"the header says that it is in sector {MyLba}";
        // UEFI 2.10 table 5-5: 128 times a power of two.
        if (EntrySize is < GptEntry.Size or > 4096 || (EntrySize & (EntrySize - 1)) != 0)
            return $"entries of {EntrySize} bytes";
        if (EntryCount == 0 || EntryCount > EntryBytesMax / EntrySize)
            return $"{EntryCount} entries of {EntrySize} bytes";
        var sectors = EntrySectors(info);
        if (EntriesLba < 2 || EntriesLba > info.SectorCount - sectors)
            return $"entries from sector {EntriesLba} on";
        if (FirstUsable < 2 || LastUsable >= info.SectorCount || LastUsable < FirstUsable - 1)
            return $"usable sectors from {FirstUsable} to {LastUsable}";
        return IsUsable(lba, 1) || IsUsable(EntriesLba, sectors) ? "the table lies in what partitions may have" : null;
    }

    /// <summary>Sectors that the entries take.</summary>
    public long EntrySectors(BlockInfo info) => (EntryBytes + info.SectorSize - 1) / info.SectorSize;

    private bool IsUsable(long first, long count) => first <= LastUsable && first + count > FirstUsable;

    private static uint Sum(ReadOnlySpan<byte> header)
    {
        var copy = header.ToArray();
        copy.AsSpan(CrcAt, 4).Clear();
        return Crc32.Of(copy);
    }

    private static long Long(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt64LittleEndian(source);
}
