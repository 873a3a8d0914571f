using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mirage.Unix;

/// <summary>The kernel's form of an <see cref="Endpoint"/>: <c>struct sockaddr_in</c> and
/// <c>sockaddr_in6</c>.</summary>
/// <remarks><code>
///   IPv4: | family (2, host order) | port (2) | address (4) | zero (8) |
///   IPv6: | family (2, host order) | port (2) | flow (4) | address (16) | scope (4) |
/// </code></remarks>
internal static class SocketName
{
    /// <summary>Bytes that fit either form.</summary>
    public const int LengthMax = 28;

    /// <summary>Bytes of the form of IPv4.</summary>
    public const int LengthV4 = 16;

    /// <summary>The family of sockets that reach <paramref name="address"/>.</summary>
    public static int FamilyOf(IpAddress address) => address.IsV4 ? Libc.FamilyInet : Libc.FamilyInet6;

    /// <summary>Writes the name that a socket of <paramref name="family"/> takes, and gives its length; 0 when it takes
    /// none, for an IPv6 address on an IPv4 socket. An IPv6 socket takes IPv4 addresses in their mapped form.</summary>
    public static int Write(Span<byte> destination, int family, Endpoint end)
    {
        destination[..LengthMax].Clear();
        var familyField = (ushort)family;
        MemoryMarshal.Write(destination, in familyField);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], end.Port);
        if (family == Libc.FamilyInet)
        {
            if (!end.Address.IsV4)
                return 0;
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], end.Address.V4);
            return LengthV4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], end.Address.High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], end.Address.Low);
        return LengthMax;
    }

    /// <summary>Reads what the kernel wrote.</summary>
    public static Endpoint Read(ReadOnlySpan<byte> source)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        var address = MemoryMarshal.Read<ushort>(source) == Libc.FamilyInet
            ? IpAddress.ReadV4(source[4..])
            : IpAddress.ReadV6(source[8..]);
        return new(address, port);
    }
}
