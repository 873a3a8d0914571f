namespace Mirage.Storage;

/// <summary>The CRC of UEFI's tables: CRC-32 of IEEE 802.3 (UEFI 2.10 section 5.3.2).</summary>
internal static class Crc32
{
    private const uint Reflected = 0xEDB88320;

    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(static value => Shifted((uint)value))];

    /// <summary>The CRC of <paramref name="bytes"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
            sum = s_table[(byte)(sum ^ value)] ^ (sum >> 8);
        return ~sum;
    }

    private static uint Shifted(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Reflected;
        return value;
    }
}
