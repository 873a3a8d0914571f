using LanguageExt;

namespace Mirage;

/// <summary>Resolution of IPv4 addresses to link addresses, RFC 826: MirageOS's ARP.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IArp<TSelf> : IDevice<TSelf> where TSelf : struct, IArp<TSelf>
{
    /// <summary>The addresses that are answered for.</summary>
    static abstract IReadOnlyList<IpAddress> Addresses(TSelf arp);

    /// <summary>Answers for <paramref name="address"/> from now on and announces it, RFC 5227 section 2.3.</summary>
    static abstract void AddAddress(TSelf arp, IpAddress address);

    /// <summary>Answers for <paramref name="address"/> no longer.</summary>
    static abstract void RemoveAddress(TSelf arp, IpAddress address);

    /// <summary>The link address of <paramref name="target"/> if it is known now. Sends nothing.</summary>
    static abstract bool TryGet(TSelf arp, IpAddress target, out MacAddress mac);

    /// <summary>The link address of <paramref name="target"/>, asked for when it is not known. Queries for one address
    /// share one request.</summary>
    static abstract ValueTask<Either<ArpError, MacAddress>> Query(TSelf arp, IpAddress target);

    /// <summary>Hands over the payload of a received ARP frame. Anything malformed is dropped.</summary>
    static abstract void Input(TSelf arp, in ReceivedFrame payload);
}
