using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>
/// Completes the transport checksum of a copied frame, for links that show frames to somebody who verifies it.
/// </summary>
internal static class FrameChecksum
{
    private const int EthernetHeader = 14;
    private const int Ipv4Header = 20;
    private const int Ipv6Header = 40;

    /// <summary>Whether the frame carries IPv4 or IPv6, and at least a header of it.</summary>
    public static bool IsIp(ReadOnlySpan<byte> frame) => TypeOf(frame) switch
    {
        EtherType.Ipv4 => frame.Length >= EthernetHeader + Ipv4Header,
        EtherType.Ipv6 => frame.Length >= EthernetHeader + Ipv6Header,
        _ => false,
    };

    /// <summary>
    /// Stores the checksum of the TCP segment or UDP datagram in <paramref name="frame"/>; leaves any other frame as it
    /// is.
    /// </summary>
    public static void Complete(Span<byte> frame)
    {
        if (!IsIp(frame))
            return;
        var packet = frame[EthernetHeader..];
        if (TypeOf(frame) is EtherType.Ipv4)
            CompleteV4(packet);
        else
            CompleteV6(packet);
    }

    private static EtherType TypeOf(ReadOnlySpan<byte> frame) =>
        frame.Length < EthernetHeader ? default : (EtherType)BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);

    private static void CompleteV4(Span<byte> packet)
    {
        var header = (packet[0] & 0xF) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        // More fragments, or not the first one.
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF;
        if (header >= Ipv4Header && total >= header && total <= packet.Length && fragment == 0)
            Store(packet[header..total], (IpProtocol)packet[9], packet.Slice(12, 8));
    }

    private static void CompleteV6(Span<byte> packet)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (Ipv6Header + length <= packet.Length)
            Store(packet.Slice(Ipv6Header, length), (IpProtocol)packet[6], packet.Slice(8, 32));
    }

    // RFC 9293 section 3.1, RFC 768: the pseudo-header has both addresses, the protocol and the length.
    private static void Store(Span<byte> transport, IpProtocol protocol, ReadOnlySpan<byte> addresses)
    {
        var at = protocol switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, _ => -1 };
        if (at < 0 || transport.Length < at + 2)
            return;
        var field = transport.Slice(at, 2);
        field.Clear();
        var sum = InternetChecksum.Add((uint)protocol + (uint)transport.Length, addresses);
        var checksum = InternetChecksum.Finish(InternetChecksum.Add(sum, transport));
        if (protocol is IpProtocol.Udp && checksum == 0)
            checksum = ushort.MaxValue; // Zero would say that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum);
    }
}
