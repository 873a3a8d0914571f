using System.Buffers.Binary;

namespace Mirage.Testing;

/// <summary>Contents that say where they belong: a sector carries its own number and that of a pattern, so that a
/// sector that turns up elsewhere, or in part, is known.</summary>
/// <remarks><code>
///   0        8         12
///   | sector | pattern | bytes that follow from both … |
/// </code></remarks>
internal static class BlockPattern
{
    private const int Header = 12;

    /// <summary>The bytes of sectors, each of its own.</summary>
    public static byte[] Of(int sectorSize, long sector, int count, int pattern)
    {
        var bytes = new byte[count * sectorSize];
        for (var index = 0; index < count; index++)
            Fill(bytes.AsSpan(index * sectorSize, sectorSize), sector + index, pattern);
        return bytes;
    }

    /// <summary>What a sector holds, for a reader.</summary>
    public static string Describe(ReadOnlySpan<byte> sector)
    {
        if (!sector.ContainsAnyExcept((byte)0))
            return "zeros";
        var number = BinaryPrimitives.ReadInt64LittleEndian(sector);
        var pattern = BinaryPrimitives.ReadInt32LittleEndian(sector[8..]);
        var whole = new byte[sector.Length];
        Fill(whole, number, pattern);
        var same = sector.CommonPrefixLength(whole);
        return same == sector.Length ? $"pattern {pattern} of sector {number}"
            : same >= 64 ? $"pattern {pattern} of sector {number} up to byte {same}, and then something else"
            : $"unknown bytes {Convert.ToHexString(sector[..8])} …";
    }

    private static void Fill(Span<byte> bytes, long sector, int pattern)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sector);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], pattern);
        new SplitMix64((ulong)sector ^ ((ulong)(uint)pattern << 40)).Fill(bytes[Header..]);
    }
}
