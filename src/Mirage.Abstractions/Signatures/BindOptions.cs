namespace Mirage;

/// <summary>How a port of UDP is bound. <c>default</c> takes datagrams to every address of this host from
/// everybody.</summary>
public readonly record struct BindOptions
{
    /// <summary>The own address whose datagrams the port takes, and that it sends from; unspecified for every
    /// address.</summary>
    public IpAddress LocalAddress { get; init; }

    /// <summary>The peer that the port is connected to: it takes datagrams from there alone, and hears of those to it
    /// that did not arrive. Null for everybody.</summary>
    public Endpoint? Remote { get; init; }

    /// <summary>Whether a port that is not connected hears of datagrams that did not arrive. It then trusts whoever can
    /// forge an ICMP error.</summary>
    public bool ReportsErrors { get; init; }

    /// <summary>Whether nobody may fragment its datagrams: one that is too long for the link is refused.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Hops that datagrams to a multicast group may take; 0 stands for 1, the link alone, RFC 1112 section
    /// 6.1.</summary>
    public byte MulticastTtl { get; init; }

    /// <summary>Whether ports of this host which are in a group get what this one sends to it, RFC 1112 section 6.1.
    /// They hear of it later on, never within the call.</summary>
    public bool MulticastLoopback { get; init; }
}
