using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>Where a page is and what must be on it; <c>default</c> points nowhere.</summary>
/// <remarks>
/// <code>
///   0      8            16         20
///   | page | generation | checksum |
/// </code>
/// A page that rotted, that was written elsewhere or was never written is not what its pointer says.</remarks>
internal readonly record struct CowPointer(long Page, ulong Generation, uint Checksum)
{
    public const int Size = 20;

    public bool IsNone => Page == 0;

    public static CowPointer Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Page);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], Checksum);
    }
}
