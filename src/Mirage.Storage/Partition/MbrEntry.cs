using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>A partition's record in a master boot record (UEFI 2.10 section 5.2.1).</summary>
/// <remarks>
/// <code>
///  0      1            4      5           8                12               16
/// +------+------------+------+-----------+----------------+----------------+
/// |status| first, CHS | type | last, CHS |  first sector  | sector count   |
/// +------+------------+------+-----------+----------------+----------------+
/// </code>
/// Numbers are little-endian. Cylinder, head and sector are not read: they end at 8 GB, and nothing uses them. They are
/// written as a disk of 255 heads and 63 sectors a track would have them.
/// </remarks>
/// <param name="IsActive">Whether a PC would boot it.</param>
/// <param name="Type">What it holds; 0 for an unused record.</param>
/// <param name="First">The first sector.</param>
/// <param name="Count">Sectors.</param>
internal readonly record struct MbrEntry(bool IsActive, byte Type, uint First, uint Count)
{
    /// <summary>Bytes of a record.</summary>
    public const int Size = 16;

    /// <summary>The type that says: the partitions are in a GPT.</summary>
    public const byte Protective = 0xEE;

    private const byte Active = 0x80;
    private const int Heads = 255, SectorsPerTrack = 63, CylindersMax = 1023;

    /// <summary>Whether the record stands for something.</summary>
    public bool IsUsed => Type != 0;

    /// <summary>Whether what is there is a chain of further records.</summary>
    public bool IsExtended => Type is 0x05 or 0x0F or 0x85;

    /// <summary>Reads a record. False for what is no record: a status that is neither of the two.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out MbrEntry entry)
    {
        entry = default;
        if (source.Length < Size || source[0] is not (0 or Active))
            return false;
        entry = new(source[0] == Active, source[4], BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[12..]));
        return true;
    }

    /// <summary>Writes the record.</summary>
    public void Emit(Span<byte> destination)
    {
        destination[..Size].Clear();
        if (!IsUsed)
            return;
        destination[0] = IsActive ? Active : (byte)0;
        destination[4] = Type;
        EmitPlace(First, destination[1..]);
        EmitPlace((long)First + Math.Max(Count, 1) - 1, destination[5..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], Count);
    }

    private static void EmitPlace(long sector, Span<byte> destination)
    {
        var (track, inTrack) = Math.DivRem(sector, SectorsPerTrack);
        var (cylinder, head) = Math.DivRem(track, Heads);
        // UEFI 2.10 table 5-4: what cannot be said is all ones.
        if (cylinder > CylindersMax)
        {
            destination[..3].Fill(0xFF);
            return;
        }

        destination[0] = (byte)head;
        destination[1] = (byte)((inTrack + 1) | ((cylinder >> 2) & 0xC0));
        destination[2] = (byte)cylinder;
    }
}
