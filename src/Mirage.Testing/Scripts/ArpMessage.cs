using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A packet of ARP, RFC 826.</summary>
public sealed record ArpMessage : Packet
{
    internal ArpMessage(ArpPacket packet) => Packet = packet;

    /// <summary>Its fields.</summary>
    public ArpPacket Packet { get; }

    internal override byte[] Emit(in PacketRoute route)
    {
        var destination = Packet.Operation is ArpOperation.Request ? MacAddress.Broadcast : route.DestinationMac;
        var frame = new byte[EthernetHeader.FixedSize + ArpPacket.FixedSize];
        new EthernetHeader(destination, route.SourceMac, EtherType.Arp).Emit(frame);
        Packet.Emit(frame.AsSpan(EthernetHeader.FixedSize));
        return frame;
    }

    private protected override IEnumerable<string> Compare(Packet received)
    {
        var other = ((ArpMessage)received).Packet;
        string?[] all =
        [
            Difference<ArpOperation>("operation", Packet.Operation, other.Operation),
            Difference<MacAddress>("sender's link address", Packet.SenderMac, other.SenderMac),
            Difference<IpAddress>("sender's address", Packet.SenderIp, other.SenderIp),
            Packet.Operation is ArpOperation.Request
                ? null // RFC 826: what a request says there has no meaning.
                : Difference<MacAddress>("target's link address", Packet.TargetMac, other.TargetMac),
            Difference<IpAddress>("target's address", Packet.TargetIp, other.TargetIp),
        ];
        return all.OfType<string>();
    }

    private protected override string Describe() => Packet.Operation is ArpOperation.Request
        ? $"arp who has {Packet.TargetIp}, asks {Packet.SenderIp} at {Packet.SenderMac}"
        : $"arp {Packet.SenderIp} is at {Packet.SenderMac}, answers {Packet.TargetIp}";
}
