using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>Which of the two places of a page of the map counts, and what must be on it. Generation 0 was never
/// written: all its pages are free.</summary>
/// <remarks>
/// <code>
///   0            8          12                    16
///   | generation | checksum | free pages × 2 + place |
/// </code></remarks>
internal readonly record struct CowMapEntry(ulong Generation, uint Checksum, int Free, int Place)
{
    public const int Size = 16;

    public static CowMapEntry Read(ReadOnlySpan<byte> bytes)
    {
        var last = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), (int)(last >> 1), (int)(last & 1));
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], ((uint)Free << 1) | (uint)Place);
    }
}
