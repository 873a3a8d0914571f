using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Mirage;

/// <summary>An IPv4 or IPv6 address: the one address type above the IP layer.</summary>
/// <remarks>An IPv4 address is held in its mapped form <c>::ffff:a.b.c.d</c> (RFC 4291 section 2.5.5.2), so that one
/// table holds both families. <c>default</c> is the IPv6 unspecified address.</remarks>
/// <param name="High">The first eight octets.</param>
/// <param name="Low">The last eight octets.</param>
public readonly record struct IpAddress(ulong High, ulong Low) : ISpanParsable<IpAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary><c>0.0.0.0</c>: no address yet, or every address of this host.</summary>
    public static IpAddress AnyV4 => FromV4(0);

    /// <summary><c>255.255.255.255</c>: every host of this link, RFC 919.</summary>
    public static IpAddress BroadcastV4 => FromV4(0xFFFF_FFFF);

    /// <summary><c>127.0.0.1</c>.</summary>
    public static IpAddress LoopbackV4 => FromV4(0x7F00_0001);

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsV4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The IPv4 address in host order; meaningful only when <see cref="IsV4"/>.</summary>
    public uint V4 => (uint)Low;

    /// <summary>Whether this is <c>0.0.0.0</c> or <c>::</c>.</summary>
    public bool IsUnspecified => IsV4 ? V4 == 0 : (High | Low) == 0;

    /// <summary>Whether this is a multicast address: 224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV4 ? V4 >> 28 == 0xE : High >> 56 == 0xFF;

    /// <summary>Whether this is a loopback address: 127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsV4 ? V4 >> 24 == 127 : High == 0 && Low == 1;

    /// <summary>Octets on the wire: 4 or 16.</summary>
    public int Size => IsV4 ? 4 : 16;

    /// <summary>The IPv4 address with that value in host order.</summary>
    public static IpAddress FromV4(uint value) => new(0, MappedPrefix | value);

    /// <summary>Reads four octets.</summary>
    public static IpAddress ReadV4(ReadOnlySpan<byte> source) => FromV4(BinaryPrimitives.ReadUInt32BigEndian(source));

    /// <summary>Reads sixteen octets.</summary>
    public static IpAddress ReadV6(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Writes <see cref="Size"/> octets at the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, V4);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>The same address in the framework's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        Write(octets);
        return new IPAddress(octets[..Size]);
    }

    /// <summary>The address that <paramref name="address"/> holds; a mapped IPv4 address is IPv4. A scope is not
    /// kept.</summary>
    public static IpAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? ReadV4(octets) : ReadV6(octets);
    }

    /// <summary>Parses a dotted quad of four decimal parts or an IPv6 address.</summary>
    /// <exception cref="FormatException"><paramref name="s"/> is no address.</exception>
    public static IpAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result)
            ? result
            : throw new FormatException($"'{s}' is no IP address; write 10.0.0.2 or fd00::2.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static IpAddress Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Parses an address and says whether it could. Of IPv4 it takes four decimal parts without leading zeros:
    /// the other forms of inet_aton, as <c>10.2</c> and <c>012.0.0.2</c>, are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpAddress result)
    {
        result = default;
        if (!IPAddress.TryParse(s, out var address)
            || address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 })
            return false;
        // RFC 6943 section 3.1.1: what programs read in two ways, as 010.0.0.2 with its octal part, is no address.
        if (address.AddressFamily == AddressFamily.InterNetwork && !s.SequenceEqual(address.ToString()))
            return false;

        result = From(address);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out IpAddress)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out IpAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>The address in the usual text form of its family, RFC 5952 for IPv6.</summary>
    public override string ToString() => ToIPAddress().ToString();
}
