using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>What a page says of itself. The kinds are leaf, branch, map of pages and index of maps.</summary>
/// <remarks>
/// <code>
///   0       4      5       6       8            16            24     28     32
///   | 'CwPg'| kind | level | count | generation | page number | used | zero |
/// </code></remarks>
internal readonly record struct CowHeader(byte Kind, byte Level, int Count, ulong Generation, long Page, int Used)
{
    public const byte Leaf = 1, Branch = 2, Map = 3, Index = 4;

    private static ReadOnlySpan<byte> Magic => "CwPg"u8;

    /// <summary>The header of a page whose checksum is right; null, and why, for what cannot be the page that
    /// <paramref name="pointer"/> means.</summary>
    public static CowHeader? Parse(ReadOnlySpan<byte> page, CowPointer pointer, out string wrong)
    {
        wrong = "";
        if (Crc32C.Of(page) != pointer.Checksum)
            wrong = "its checksum is not the one that was noted when it was written";
        else if (!page.StartsWith(Magic))
            wrong = "it is no page of a store";
        var header = new CowHeader(
            page[4], page[5], BinaryPrimitives.ReadUInt16LittleEndian(page[6..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[24..]));
        if (wrong.Length > 0)
            return null;
        if (header.Page != pointer.Page)
            wrong = $"it is page {header.Page}";
        else if (header.Generation != pointer.Generation)
            wrong = $"it is of generation {header.Generation} and not {pointer.Generation}";
        else if (header.Used < CowFormat.HeaderSize || header.Used > page.Length
            || page[28..32].ContainsAnyExcept((byte)0) || page[header.Used..].ContainsAnyExcept((byte)0))
            wrong = "it holds something behind its end";
        return wrong.Length > 0 ? null : header;
    }

    /// <summary>Writes the header of a page and gives the pointer that means it.</summary>
    public CowPointer Emit(Span<byte> page)
    {
        Magic.CopyTo(page);
        (page[4], page[5]) = (Kind, Level);
        BinaryPrimitives.WriteUInt16LittleEndian(page[6..], (ushort)Count);
        BinaryPrimitives.WriteUInt64LittleEndian(page[8..], Generation);
        BinaryPrimitives.WriteInt64LittleEndian(page[16..], Page);
        BinaryPrimitives.WriteInt32LittleEndian(page[24..], Used);
        return new(Page, Generation, Crc32C.Of(page));
    }
}
