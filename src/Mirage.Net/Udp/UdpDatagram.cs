namespace Mirage.Net;

/// <summary>A received datagram. Valid during the call only.</summary>
internal readonly ref struct UdpDatagram
{
    private UdpDatagram(scoped in UdpHeader header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    public UdpHeader Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads and verifies the datagram that <paramref name="packet"/> carries.</summary>
    public static UdpVerdict Read(in ReceivedPacket packet, out UdpDatagram datagram)
    {
        datagram = default;
        var bytes = packet.Payload.Bytes;
        if (UdpHeader.Parse(bytes, out var header) is not ParseStatus.Ok || header.Length > bytes.Length)
            return UdpVerdict.Malformed;

        bytes = bytes[..header.Length]; // RFC 768: the length is the datagram's; what follows is not part of it.
        if (!IsIntact(packet, header, bytes))
            return UdpVerdict.BadChecksum;
        datagram = new(header, bytes[UdpHeader.FixedSize..]);
        return UdpVerdict.Ok;
    }

    private static bool IsIntact(in ReceivedPacket packet, in UdpHeader header, ReadOnlySpan<byte> bytes)
    {
        if (header.Checksum == 0)
            // RFC 768: none was computed. RFC 8200 section 8.1: over IPv6 there always is one.
            return packet.Source.IsV4;
        if (packet.Payload.ChecksumValid)
            return true;
        return InternetChecksum.IsValid(
            bytes, InternetChecksum.PseudoHeader(packet.Source, packet.Destination, IpProtocol.Udp, bytes.Length));
    }
}
