namespace Mirage;

/// <summary>Where Ethernet hands what its frames carry.</summary>
public interface IEthernetHandler
{
    /// <summary>The payload of an ARP frame, padding included.</summary>
    void Arp(in ReceivedFrame payload);

    /// <summary>The payload of an IPv4 frame, padding included. <paramref name="destination"/> tells unicast from
    /// group.</summary>
    void Ipv4(in ReceivedFrame payload, MacAddress destination);

    /// <summary>The payload of an IPv6 frame, padding included.</summary>
    void Ipv6(in ReceivedFrame payload, MacAddress destination);
}
