using System.Buffers.Binary;
using System.Text;

namespace Mirage.Storage;

/// <summary>Long names: entries before the one that they are the name of (Microsoft 1.03, "FAT Long Directory
/// Entries").</summary>
/// <remarks>
/// <code>
///  0       1          11     12    13        14          26     28         32
/// +-------+----------+------+-----+---------+-----------+------+----------+
/// | order | 5 units  | 0F   | 0   | checksum| 6 units   | 0    | 2 units  |
/// +-------+----------+------+-----+---------+-----------+------+----------+
/// </code>
/// Units of UTF-16LE, then a 0 and FFFFs to the end of the last entry. That one comes first and has 40h in its order,
/// which counts down to 1. The checksum is that of the short name.
/// </remarks>
internal static class FatLongName
{
    /// <summary>The most units of a name.</summary>
    public const int NameMax = 255;

    private const int UnitsPerEntry = 13, Last = 0x40, OrderMax = 20;

    private static ReadOnlySpan<byte> Places => [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>The checksum of a short name.</summary>
    public static byte Sum(string shortName)
    {
        var sum = 0;
        foreach (var letter in shortName)
            sum = (byte)(((sum & 1) << 7) + (sum >> 1) + letter);
        return (byte)sum;
    }

    /// <summary>How many entries a name takes.</summary>
    public static int Entries(string name) => (name.Length + UnitsPerEntry - 1) / UnitsPerEntry;

    /// <summary>Writes the entries of a name, in the order in which they lie.</summary>
    public static void Emit(string name, byte sum, Span<byte> destination)
    {
        var count = Entries(name);
        for (var order = count; order >= 1; order--, destination = destination[FatEntry.Size..])
        {
            var entry = destination[..FatEntry.Size];
            entry.Clear();
            entry[0] = (byte)(order | (order == count ? Last : 0));
            (entry[11], entry[13]) = (FatEntry.LongName, sum);
            for (var index = 0; index < UnitsPerEntry; index++)
            {
                var at = ((order - 1) * UnitsPerEntry) + index;
                BinaryPrimitives.WriteUInt16LittleEndian(entry[Places[index]..],
                    at < name.Length ? name[at] : at == name.Length ? (ushort)0 : ushort.MaxValue);
            }
        }
    }

    /// <summary>Reads the name that lies before a short entry; null for one that is none, or is another
    /// entry's.</summary>
    /// <param name="entries">All entries before the short one that belong to long names.</param>
    /// <param name="sum">The checksum of the short name.</param>
    public static string? Read(ReadOnlySpan<byte> entries, byte sum)
    {
        var count = entries.Length / FatEntry.Size;
        if (count is 0 or > OrderMax || entries[0] != (count | Last))
            return null;
        var name = new StringBuilder(count * UnitsPerEntry);
        for (var order = 1; order <= count; order++)
        {
            var entry = entries.Slice((count - order) * FatEntry.Size, FatEntry.Size);
            if ((entry[0] & ~Last) != order || (order < count && entry[0] != order) || entry[13] != sum)
                return null;
            foreach (var place in Places)
            {
                if (BinaryPrimitives.ReadUInt16LittleEndian(entry[place..]) is not 0 and var unit)
                    name.Append((char)unit);
                else
                    // An end in the middle would hide what comes after it.
                    return order == count && name.Length > 0 ? name.ToString() : null;
            }
        }

        return name.Length <= NameMax ? name.ToString() : null;
    }
}
