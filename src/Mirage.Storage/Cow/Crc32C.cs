using System.Buffers.Binary;
using System.Numerics;

namespace Mirage.Storage;

/// <summary>CRC-32C (Castagnoli; RFC 3720 section 12.1), of which the processor does eight bytes at a time.</summary>
internal static class Crc32C
{
    /// <summary>The sum of no bytes.</summary>
    public const uint Empty = 0;

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(Empty, bytes);

    /// <summary>The sum of what <paramref name="sum"/> is the sum of, followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        var state = ~sum;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            state = BitOperations.Crc32C(state, value);
        return ~state;
    }
}
