namespace Mirage.Net;

/// <summary>Makes an IPv4 layer whose type follows from what it stands on.</summary>
internal static class Ipv4Layer
{
    /// <inheritdoc cref="Ipv4{TEthernet, TArp}.Create"/>
    public static Ipv4<TEthernet, TArp> Over<TEthernet, TArp>(
        Host host, TEthernet ethernet, TArp arp, Cidr address, IpAddress? gateway)
        where TEthernet : struct, IEthernet<TEthernet>
        where TArp : struct, IArp<TArp> => Ipv4<TEthernet, TArp>.Create(host, ethernet, arp, address, gateway);
}
