namespace Mirage;

/// <summary>What an ICMP error says of the packet it is about.</summary>
/// <param name="Source">Where the packet was from: an address of this host.</param>
/// <param name="Destination">Where the packet was going.</param>
/// <param name="Protocol">What it carried.</param>
/// <param name="Reason">Why it did not arrive.</param>
/// <param name="NextHopMtu">With <see cref="IcmpUnreachable.FragmentationNeeded"/>, the MTU that was too small, or 0
/// when the router did not say.</param>
public readonly record struct IcmpQuotation(
    IpAddress Source, IpAddress Destination, IpProtocol Protocol, IcmpUnreachable Reason, int NextHopMtu);
