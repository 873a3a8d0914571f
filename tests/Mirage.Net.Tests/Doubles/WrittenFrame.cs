namespace Mirage.Net.Tests;

/// <summary>A frame that a stack wrote to a <see cref="TestWire"/>, and what it asked of the device.</summary>
internal sealed record WrittenFrame(
    byte[] Bytes, bool NeedsChecksum, int ChecksumStart, int ChecksumOffset, Segmentation Segmentation, int SegmentSize)
{
    public EthernetHeader Ethernet => EthernetHeader.Parse(Bytes, out var header) is ParseStatus.Ok
        ? header
        : throw new InvalidOperationException("A frame without an Ethernet header was written.");

    public byte[] Payload => Bytes[EthernetHeader.FixedSize..];

    public ArpPacket Arp => ArpPacket.Parse(Payload, out var packet) is ParseStatus.Ok
        ? packet
        : throw new InvalidOperationException("The frame is no ARP packet.");

    public Ipv4Header Ip => Ipv4Header.Parse(Payload, out var header) is ParseStatus.Ok
        && InternetChecksum.IsValid(Payload.AsSpan(0, header.HeaderLength))
        ? header
        : throw new InvalidOperationException("The frame is no IPv4 packet, or its header checksum is wrong.");

    public byte[] IpPayload => Payload[Ip.HeaderLength..Ip.TotalLength];

    public IcmpMessage Icmp =>
        IcmpMessage.Parse(IpPayload, out var message) is ParseStatus.Ok && InternetChecksum.IsValid(IpPayload)
        ? message
        : throw new InvalidOperationException("The packet is no ICMP message, or its checksum is wrong.");

    public byte[] IcmpData => IpPayload[IcmpMessage.FixedSize..];
}
