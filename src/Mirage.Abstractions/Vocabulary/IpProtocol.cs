namespace Mirage;

/// <summary>What an IP packet carries: the IANA protocol numbers that this system speaks.</summary>
public enum IpProtocol : byte
{
    /// <summary>Internet Control Message Protocol, RFC 792.</summary>
    Icmp = 1,

    /// <summary>Internet Group Management Protocol, RFC 9776.</summary>
    Igmp = 2,

    /// <summary>Transmission Control Protocol, RFC 9293.</summary>
    Tcp = 6,

    /// <summary>User Datagram Protocol, RFC 768.</summary>
    Udp = 17,

    /// <summary>ICMP for IPv6, RFC 4443.</summary>
    Icmpv6 = 58,
}
