using System.Buffers.Binary;
using System.Text;

namespace Mirage.Storage;

/// <summary>A partition's entry in a GUID partition table (UEFI 2.10 section 5.3.3).</summary>
/// <remarks>
/// <code>
///  0      16   32      40     48           56                            128
/// +------+----+-------+------+------------+-----------------------------+
/// | type | id | first | last | attributes | name, 36 units of UTF-16LE  |
/// +------+----+-------+------+------------+-----------------------------+
/// </code>
/// Numbers are little-endian, the first three parts of a GUID too; the last sector is part of the partition. A type of
/// zeros is an unused entry.
/// </remarks>
/// <param name="Type">What it holds.</param>
/// <param name="Id">What tells it from every other partition.</param>
/// <param name="First">The first sector.</param>
/// <param name="Last">The last sector.</param>
/// <param name="Attributes">Bits, of which the upper 16 belong to the type.</param>
/// <param name="Name">What people call it, up to the first NUL.</param>
internal readonly record struct GptEntry(Guid Type, Guid Id, long First, long Last, ulong Attributes, string Name)
{
    /// <summary>Bytes of an entry; a table may have room for more.</summary>
    public const int Size = 128;

    /// <summary>The most units of UTF-16 in a name.</summary>
    public const int NameMax = 36;

    private const int NameAt = 56;

    /// <summary>Whether there is a partition.</summary>
    public bool IsUsed => Type != Guid.Empty;

    /// <summary>Reads an entry; false when there are too few bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out GptEntry entry)
    {
        entry = default;
        if (source.Length < Size)
            return false;
        var units = source[NameAt..Size];
        var name = new StringBuilder(NameMax);
        for (; !units.IsEmpty && BinaryPrimitives.ReadUInt16LittleEndian(units) is not 0 and var u; units = units[2..])
            name.Append((char)u);
        entry = new(new Guid(source[..16]), new Guid(source[16..32]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]), BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[48..]), name.ToString());
        return true;
    }

    /// <summary>Writes the entry.</summary>
    public void Emit(Span<byte> destination)
    {
        destination[..Size].Clear();
        Type.TryWriteBytes(destination);
        Id.TryWriteBytes(destination[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], First);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], Last);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], Attributes);
        for (var index = 0; index < Name.Length; index++)
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(NameAt + (2 * index))..], Name[index]);
    }
}
