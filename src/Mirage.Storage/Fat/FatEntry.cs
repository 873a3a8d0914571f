using System.Buffers.Binary;
using System.Text;

namespace Mirage.Storage;

/// <summary>An entry of a directory, with its short name (Microsoft 1.03, "FAT Directory Structure").</summary>
/// <remarks>
/// <code>
///  0      8     11     12     13        20        22     24     26       28     32
/// +------+-----+------+------+---------+---------+------+------+--------+------+
/// | name | ext | attr | case | created | cluster | time | date | cluster| size |
/// |      |     |      | bits |         | (high)  |      |      | (low)  |      |
/// +------+-----+------+------+---------+---------+------+------+--------+------+
/// </code>
/// Numbers are little-endian. A first byte of 0 ends the directory, E5 is a free entry, 05 stands for E5. It was
/// created, and read last, when it was changed.
/// </remarks>
/// <param name="Short">The short name: 11 bytes as characters, filled up with spaces.</param>
/// <param name="Attributes">Bits.</param>
/// <param name="CaseBits">Which parts of the short name are meant in lower case.</param>
/// <param name="Cluster">The first cluster; 0 for none.</param>
/// <param name="Length">Bytes of a file.</param>
/// <param name="Stamp">When it was changed, see <see cref="FatTime"/>.</param>
internal readonly record struct FatEntry(
    string Short, byte Attributes, byte CaseBits, uint Cluster, uint Length, uint Stamp)
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 32;

    /// <summary>Characters of a short name.</summary>
    public const int ShortSize = 11;

    /// <summary>The first byte of a free entry, and of the one that ends a directory.</summary>
    public const byte Erased = 0xE5, End = 0;

    /// <summary>Attributes.</summary>
    public const byte VolumeLabel = 0x08, Directory = 0x10, Archive = 0x20, LongName = 0x0F;

    private const byte StandsForErased = 0x05;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => (Attributes & Directory) != 0;

    /// <summary>Reads an entry that is neither free nor an end.</summary>
    public static FatEntry Read(ReadOnlySpan<byte> source)
    {
        Span<byte> name = stackalloc byte[ShortSize];
        source[..ShortSize].CopyTo(name);
        if (name[0] == StandsForErased)
            name[0] = Erased;
        return new(Encoding.Latin1.GetString(name), source[11], source[12],
            ((uint)BinaryPrimitives.ReadUInt16LittleEndian(source[20..]) << 16)
                | BinaryPrimitives.ReadUInt16LittleEndian(source[26..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[28..]),
            ((uint)BinaryPrimitives.ReadUInt16LittleEndian(source[24..]) << 16)
                | BinaryPrimitives.ReadUInt16LittleEndian(source[22..]));
    }

    /// <summary>Writes the entry.</summary>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Encoding.Latin1.GetBytes(Short, destination);
        if (destination[0] == Erased)
            destination[0] = StandsForErased;
        (destination[11], destination[12]) = (Attributes, CaseBits);
        foreach (var (date, time) in ((int, int)[])[(16, 14), (24, 22)])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination[date..], (ushort)(Stamp >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(destination[time..], (ushort)Stamp);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(destination[18..], (ushort)(Stamp >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[20..], (ushort)(Cluster >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[26..], (ushort)Cluster);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Length);
    }
}
