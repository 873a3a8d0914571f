namespace Mirage;

/// <summary>An IP layer of either family or both: MirageOS's IP.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IIp<TSelf> : IDevice<TSelf> where TSelf : struct, IIp<TSelf>
{
    /// <summary>This host's addresses with their networks.</summary>
    static abstract IReadOnlyList<Cidr> Addresses(TSelf ip);

    /// <summary>Whether <paramref name="address"/> is one of this host's own.</summary>
    static abstract bool IsLocal(TSelf ip, IpAddress address);

    /// <summary>The address that packets to <paramref name="destination"/> are sent from; false when no route leads
    /// there.</summary>
    static abstract bool TryGetSource(TSelf ip, IpAddress destination, out IpAddress source);

    /// <summary>The longest packet on the way to <paramref name="destination"/>, IP header included, bytes.</summary>
    static abstract int Mtu(TSelf ip, IpAddress destination);

    /// <summary>What the link below can do.</summary>
    static abstract NetworkInfo Link(TSelf ip);

    /// <summary>
    /// Prepends the IP header and sends the packet; while its next hop is being resolved it waits in a bounded queue.
    /// A packet longer than the MTU is fragmented unless <see cref="IpHeader.DontFragment"/> is set or the device is to
    /// cut it.
    /// </summary>
    static abstract WriteStatus Write(TSelf ip, in IpHeader header, ref TransmitFrame frame);

    /// <summary>Takes the payload of a link frame. What is malformed, or is for another host, is dropped and
    /// counted.</summary>
    static abstract void Input<THandler>(TSelf ip, in ReceivedFrame frame, THandler handler)
        where THandler : struct, IIpHandler;

    /// <summary>Whether unicast packets to other hosts are handed up too, for a stack that answers in their stead; they
    /// are not to begin with. Packets may be written from any address. False when the layer cannot.</summary>
    static virtual bool TakeForeign(TSelf ip, bool takes) => false;

    /// <summary>This host is in the multicast group from now on, RFC 1112 section 7.1: packets to it are handed up, and
    /// routers are told. Who joins it again leaves it as often.</summary>
    /// <returns>False when the layer takes no packets of groups, or of no more.</returns>
    static virtual bool Join(TSelf ip, IpAddress group) => false;

    /// <summary>Ends one <see cref="Join"/>.</summary>
    static virtual void Leave(TSelf ip, IpAddress group) { }
}
