namespace Mirage.Storage;

/// <summary>A number in a field of a tar header.</summary>
/// <remarks>Octal digits that end with a NUL or a space (POSIX.1-2017 pax, "ustar Interchange Format"), or GNU's base
/// 256: the first bit is set, the second one is the sign, the rest is big-endian two's complement.</remarks>
internal static class TarNumber
{
    private const byte Base256 = 0x80, Negative = 0x40;

    /// <summary>Reads a field; false for what is no number, or none of 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if (field.IsEmpty)
            return false;
        return (field[0] & Base256) != 0 ? TryParseBinary(field, out value) : TryParseOctal(field, out value);
    }

    /// <summary>Writes a field: octal where it fits, base 256 otherwise.</summary>
    public static void Emit(long value, Span<byte> field)
    {
        var digits = field.Length - 1;
        if (value >= 0 && (3 * digits >= 63 || value >> (3 * digits) == 0))
        {
            field[digits] = 0;
            for (var index = digits - 1; index >= 0; index--, value >>= 3)
                field[index] = (byte)('0' + (value & 7));
            return;
        }

        for (var index = field.Length - 1; index >= 0; index--, value >>= 8)
            field[index] = (byte)value;
        field[0] |= Base256;
    }

    private static bool TryParseOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = field.TrimStart((byte)' ');
        var end = field.IndexOfAny((byte)0, (byte)' ');
        foreach (var digit in end < 0 ? field : field[..end])
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
                return false;
            value = (value << 3) | (long)(digit - '0');
        }

        return true;
    }

    private static bool TryParseBinary(ReadOnlySpan<byte> field, out long value)
    {
        var isNegative = (field[0] & Negative) != 0;
        value = isNegative ? -1 : 0;
        for (var index = 0; index < field.Length; index++)
        {
            var part = index > 0 ? field[index] : isNegative ? (byte)(field[0] | Base256) : (byte)(field[0] & ~Base256);
            if (value != (value << 8) >> 8)
                return false;
            value = (value << 8) | part;
        }

        return true;
    }
}
