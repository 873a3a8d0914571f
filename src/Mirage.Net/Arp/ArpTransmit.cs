namespace Mirage.Net;

/// <summary>An ARP packet to be sent, and where to.</summary>
internal readonly record struct ArpTransmit(MacAddress Destination, ArpPacket Packet);
