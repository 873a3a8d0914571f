namespace Mirage;

/// <summary>An IP packet for this host, its header taken off. Valid during the call only.</summary>
public readonly ref struct ReceivedPacket
{
    /// <summary>The host that sent it: never a multicast, broadcast or unspecified address.</summary>
    public IpAddress Source { get; init; }

    /// <summary>The address it was sent to.</summary>
    public IpAddress Destination { get; init; }

    /// <summary>What it carries.</summary>
    public IpProtocol Protocol { get; init; }

    /// <summary>Hops that it had left.</summary>
    public byte Ttl { get; init; }

    /// <summary>The two ECN bits of RFC 3168.</summary>
    public byte Ecn { get; init; }

    /// <summary>Whether it was sent to every host or to a group, by the link or by IP: no error and no reset answers
    /// it, RFC 1122 section 3.2.2.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>The IP header as received, for the quotation in an ICMP error.</summary>
    public ReadOnlySpan<byte> Header { get; init; }

    /// <summary>The transport header and what follows it, without the link's padding.</summary>
    public ReceivedFrame Payload { get; init; }
}
