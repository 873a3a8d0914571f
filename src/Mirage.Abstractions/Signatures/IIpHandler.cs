namespace Mirage;

/// <summary>Where IP hands what its packets carry.</summary>
public interface IIpHandler
{
    /// <summary>An ICMP or ICMPv6 message.</summary>
    void Icmp(in ReceivedPacket packet);

    /// <summary>A TCP segment.</summary>
    void Tcp(in ReceivedPacket packet);

    /// <summary>A UDP datagram.</summary>
    void Udp(in ReceivedPacket packet);

    /// <summary>Any other protocol.</summary>
    void Other(in ReceivedPacket packet);
}
