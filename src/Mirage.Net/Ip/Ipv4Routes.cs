namespace Mirage.Net;

/// <summary>One address, its network and a gateway: what RFC 1122 section 3.3.1 asks of a host with one
/// interface.</summary>
internal sealed class Ipv4Routes
{
    private const ulong MulticastMac = 0x0100_5E00_0000; // RFC 1112 section 6.4.
    private readonly uint _own;
    private readonly uint _mask;
    private readonly uint? _broadcast; // RFC 3021: a network of two addresses or one has none.
    private readonly IpAddress? _gateway;

    public Ipv4Routes(Cidr address, IpAddress? gateway)
    {
        Address = address;
        _gateway = gateway;
        _own = address.Address.V4;
        _mask = address.Network.V4 ^ ~address.Last.V4;
        _broadcast = address.Length <= 30 ? address.Last.V4 : null;
    }

    /// <summary>This host's address and network.</summary>
    public Cidr Address { get; }

    /// <summary>The groups that this host is in. With the first one it is in that of all systems, too, RFC 1112 section
    /// 7.2; before that, it takes no part.</summary>
    public HashSet<IpAddress> Groups { get; } = [];

    /// <summary>Whether packets to other hosts are taken as if this host were them.</summary>
    public bool TakesForeign { get; set; }

    /// <summary>What is wrong with such an address, or null: a host's own address is a unicast one, RFC 1122 section
    /// 3.2.1.3.</summary>
    public static string? Fault(Cidr address, IpAddress? gateway)
    {
        var ip = address.Address;
        if (!ip.IsV4)
            return $"{address} is no IPv4 address";
        if (!IsHost(address, ip))
            return $"{address} is no address that a host can have";
        if (gateway is { } hop && (!address.Contains(hop) || hop == ip || !IsHost(address, hop)))
            return $"{hop} is no gateway that {address} can reach";
        return null;
    }

    public bool IsLocal(IpAddress address) => address == Address.Address;

    /// <summary>Whether no host can have sent from <paramref name="source"/>: RFC 1122 section 3.2.1.3, and our own
    /// address, which only a forger uses on the wire.</summary>
    public bool IsMartian(IpAddress source) => !IsUnicast(source.V4) || source.V4 == _broadcast || source.V4 == _own;

    /// <summary>Whom a received packet is for. RFC 919: a directed broadcast counts on the network that it belongs to
    /// only.</summary>
    public Ipv4Scope Classify(IpAddress destination) => destination.V4 switch
    {
        var ip when ip == _own => Ipv4Scope.Own,
        uint.MaxValue => Ipv4Scope.Broadcast,
        var ip when ip == _broadcast => Ipv4Scope.Broadcast,
        >= 0xE000_0000 when IsJoined(destination) => Ipv4Scope.Group,
        _ => Ipv4Scope.Foreign,
    };

    /// <summary>Whether a packet to <paramref name="destination"/>, which is foreign, is taken all the same: to one
    /// host, not to a group or to what no host is called.</summary>
    public bool Takes(IpAddress destination) => TakesForeign && IsUnicast(destination.V4);

    /// <summary>The way to <paramref name="destination"/>.</summary>
    public Ipv4Route Find(IpAddress destination)
    {
        var ip = destination.V4;
        if (!destination.IsV4 || ip == _own)
            return default;
        if (ip == uint.MaxValue || ip == _broadcast)
            return new(Ipv4RouteKind.Group, destination, MacAddress.Broadcast);
        if (ip >> 28 == 0xE)
            return new(Ipv4RouteKind.Group, destination, new(MulticastMac | (ip & 0x007F_FFFF)));
        if (!IsUnicast(ip))
            return default;
        if ((ip & _mask) == (_own & _mask))
            return new(Ipv4RouteKind.Neighbour, destination, default);
        return _gateway is { } gateway ? new(Ipv4RouteKind.Neighbour, gateway, default) : default;
    }

    private bool IsJoined(IpAddress group) =>
        Groups.Count > 0 && (Groups.Contains(group) || group == IgmpMachine.AllSystems);

    private static bool IsHost(Cidr network, IpAddress ip) =>
        IsUnicast(ip.V4) && (network.Length > 30 || (ip != network.Network && ip != network.Last));

    // Neither 'this network' 0/8, loopback 127/8, multicast 224/4 nor reserved 240/4: RFC 6890.
    private static bool IsUnicast(uint ip) => ip >> 24 is not (0 or 127) && ip >> 28 < 0xE;
}
