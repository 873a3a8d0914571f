using Mirage.Net;

namespace Mirage.Testing;

/// <summary>Makes packets of the frames that a stack sent.</summary>
/// <param name="connectionOf">The connection of a segment, by the stack's port, the peer's port and whether it has
/// SYN.</param>
/// <param name="isVouched">Whether the link leaves checksums out.</param>
internal sealed class PacketReader(Func<TcpHeader, ScriptConnection> connectionOf, bool isVouched)
{
    public Packet Read(ReadOnlySpan<byte> frame)
    {
        if (EthernetHeader.Parse(frame, out var ethernet) is not ParseStatus.Ok)
            return new RawFrame(frame) { Frame = frame.ToArray() };
        var payload = frame[EthernetHeader.FixedSize..];
        return ethernet.Type switch
        {
            EtherType.Arp when ArpPacket.Parse(payload, out var arp) is ParseStatus.Ok =>
                new ArpMessage(arp) { Frame = frame.ToArray() },
            EtherType.Ipv4 => ReadIp(payload, frame),
            _ => new RawFrame(frame) { Frame = frame.ToArray() },
        };
    }

    private Packet ReadIp(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> frame)
    {
        if (Ipv4Header.Parse(bytes, out var header) is ParseStatus.Ok && header.TotalLength <= bytes.Length)
        {
            var isValid = InternetChecksum.IsValid(bytes[..header.HeaderLength]);
            var payload = bytes[header.HeaderLength..header.TotalLength];
            if (!header.IsFragment && ReadPayload(header, payload, isValid, frame) is { } packet)
                return packet;
        }

        return new RawIpPacket(bytes) { Frame = frame.ToArray() };
    }

    private Packet? ReadPayload(
        in Ipv4Header header, ReadOnlySpan<byte> payload, bool isValid, ReadOnlySpan<byte> frame) =>
        header.Protocol switch
        {
            IpProtocol.Tcp when TcpHeader.Parse(payload, out var tcp) is ParseStatus.Ok =>
                Segment.Received(tcp, connectionOf(tcp), payload, IsSummed(header, payload))
                    .Received(header, isValid, frame),
            IpProtocol.Udp when UdpHeader.Parse(payload, out var udp) is ParseStatus.Ok
                && udp.Length == payload.Length => Datagram.Received(
                    udp, payload[UdpHeader.FixedSize..], udp.Checksum == 0 || IsSummed(header, payload))
                    .Received(header, isValid, frame),
            IpProtocol.Icmp when IcmpMessage.Parse(payload, out var icmp) is ParseStatus.Ok =>
                IcmpPacket.Received(icmp, payload[IcmpMessage.FixedSize..], InternetChecksum.IsValid(payload))
                    .Received(header, isValid, frame),
            _ => null,
        };

    private bool IsSummed(in Ipv4Header header, ReadOnlySpan<byte> payload) => isVouched || InternetChecksum.IsValid(
        payload,
        InternetChecksum.PseudoHeader(header.Source, header.Destination, header.Protocol, payload.Length));
}
