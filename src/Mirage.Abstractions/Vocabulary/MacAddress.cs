using System.Buffers.Binary;
using System.Globalization;

namespace Mirage;

/// <summary>A 48-bit link address, IEEE 802.</summary>
/// <param name="Value">The six octets, the first one sent in bits 47 to 40.</param>
public readonly record struct MacAddress(ulong Value) : ISpanParsable<MacAddress>
{
    /// <summary>Octets on the wire.</summary>
    public const int Size = 6;

    /// <summary><c>ff:ff:ff:ff:ff:ff</c>: every station of the link.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>Whether the group bit is set: a broadcast or multicast address, which no station sends from.</summary>
    public bool IsGroup => (Value & 0x0100_0000_0000) != 0;

    /// <summary>A unicast, locally administered address whose other 46 bits come from
    /// <paramref name="seed"/>.</summary>
    public static MacAddress Local(ulong seed) => new((seed & 0xFCFF_FFFF_FFFF) | 0x0200_0000_0000);

    /// <summary>Reads the first six octets of <paramref name="source"/>, which has at least that many.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> source) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) |
            BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    /// <summary>Writes six octets at the start of <paramref name="destination"/>, which has room for them.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)Value);
    }

    /// <summary>Parses <c>02:00:00:00:00:01</c>; a dash is read as a colon.</summary>
    /// <exception cref="FormatException"><paramref name="s"/> is no such address.</exception>
    public static MacAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result)
            ? result : throw new FormatException($"'{s}' is no MAC address; write 02:00:00:00:00:01.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static MacAddress Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Parses <c>02:00:00:00:00:01</c> and says whether it could.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MacAddress result)
    {
        result = default;
        if (s.Length != 17)
            return false;

        var value = 0UL;
        for (var octet = 0; octet < Size; octet++)
        {
            var at = octet * 3;
            if (octet > 0 && s[at - 1] is not (':' or '-'))
                return false;
            if (!byte.TryParse(s.Slice(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var part))
                return false;
            value = (value << 8) | part;
        }

        result = new(value);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out MacAddress)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out MacAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>The address as <c>02:00:00:00:00:01</c>.</summary>
    public override string ToString() => string.Create(17, Value, static (text, value) =>
    {
        for (var octet = 0; octet < Size; octet++)
        {
            var part = (byte)(value >> (40 - (8 * octet)));
            if (octet > 0)
                text[(octet * 3) - 1] = ':';
            part.TryFormat(text[(octet * 3)..], out _, "x2", CultureInfo.InvariantCulture);
        }
    });
}
