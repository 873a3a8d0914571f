using System.Globalization;

namespace Mirage;

/// <summary>An address with the length of its network prefix, as <c>10.0.0.2/24</c>, RFC 4632.</summary>
/// <param name="Address">The address; its host part is kept.</param>
/// <param name="Length">Bits of the network prefix: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public readonly record struct Cidr(IpAddress Address, int Length) : ISpanParsable<Cidr>
{
    /// <summary>The first address of the network.</summary>
    public IpAddress Network => new(Address.High & HighMask, Address.Low & LowMask);

    /// <summary>The last address of the network: the directed broadcast address of IPv4, RFC 919.</summary>
    public IpAddress Last => new(Address.High | ~HighMask, Address.Low | ~LowMask);

    private int MappedLength => Address.IsV4 ? Length + 96 : Length;

    private ulong HighMask => MappedLength >= 64 ? ulong.MaxValue : Mask(MappedLength);

    private ulong LowMask => MappedLength <= 64 ? 0 : Mask(MappedLength - 64);

    /// <summary>Whether <paramref name="address"/> is of the same family and lies in this network.</summary>
    public bool Contains(IpAddress address) => address.IsV4 == Address.IsV4
        && (address.High & HighMask) == (Address.High & HighMask) && (address.Low & LowMask) == (Address.Low & LowMask);

    /// <summary>Parses <c>10.0.0.2/24</c>.</summary>
    /// <exception cref="FormatException"><paramref name="s"/> is no address with a prefix length.</exception>
    public static Cidr Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result)
            ? result : throw new FormatException($"'{s}' is no address with a prefix; write 10.0.0.2/24.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Cidr Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Parses <c>10.0.0.2/24</c> and says whether it could.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Cidr result)
    {
        result = default;
        var slash = s.IndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(s[..slash], provider, out var address))
            return false;
        if (!int.TryParse(s[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ||
            length > address.Size * 8)
            return false;

        result = new(address, length);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Cidr)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out Cidr result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>The address, a slash and the length.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    private static ulong Mask(int length) => length == 0 ? 0 : ulong.MaxValue << (64 - length);
}
