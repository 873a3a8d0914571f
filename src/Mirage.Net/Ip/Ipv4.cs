using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>IPv4 over Ethernet and ARP: MirageOS's <c>Static_ipv4.Make</c>.</summary>
/// <remarks>
/// A packet that is fragmented here, or may be on its way, has an identification that repeats as late as can be and
/// tells nothing (RFC 6864). The stack forwards nothing, refuses source routes, and takes packets of the multicast
/// groups that it is in, of which it tells routers by IGMP. Its own errors about received packets, that an option is
/// malformed or fragments did not come, have a rate limit of their own.
/// </remarks>
/// <typeparam name="TEthernet">The link layer.</typeparam>
/// <typeparam name="TArp">What resolves next hops.</typeparam>
public readonly struct Ipv4<TEthernet, TArp> : IIp<Ipv4<TEthernet, TArp>>
    where TEthernet : struct, IEthernet<TEthernet>
    where TArp : struct, IArp<TArp>
{
    private readonly Ipv4Core<TEthernet, TArp> _core;

    private Ipv4(Ipv4Core<TEthernet, TArp> core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Ipv4<TEthernet, TArp>> Impl =>
        (Of<TEthernet>(), Of<TArp>(), BootHost, Ipv4Keys.Address, Ipv4Keys.Gateway).Apply(Open).Connect().Map(
            static core => new Ipv4<TEthernet, TArp>(core));

    /// <inheritdoc/>
    public static string Group => TEthernet.Group;

    /// <summary>Makes the layer on <paramref name="host"/>'s loop in code; its input is given to it.</summary>
    /// <exception cref="ArgumentException">The address is no host of its network, or the gateway is not beside
    /// it.</exception>
    public static Ipv4<TEthernet, TArp> Create(
        Host host, TEthernet ethernet, TArp arp, Cidr address, IpAddress? gateway)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (Ipv4Routes.Fault(address, gateway) is { } fault)
            throw new ArgumentException(fault, nameof(address));
        return new(Join(host, ethernet, arp, address, gateway));
    }

    /// <inheritdoc/>
    public static ValueTask Disconnect(Ipv4<TEthernet, TArp> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public static IReadOnlyList<Cidr> Addresses(Ipv4<TEthernet, TArp> ip) => ip._core.Addresses;

    /// <inheritdoc/>
    public static bool IsLocal(Ipv4<TEthernet, TArp> ip, IpAddress address) => ip._core.Routes.IsLocal(address);

    /// <inheritdoc/>
    public static bool TryGetSource(Ipv4<TEthernet, TArp> ip, IpAddress destination, out IpAddress source)
    {
        source = ip._core.Routes.Address.Address;
        return ip._core.Routes.Find(destination).Kind is not Ipv4RouteKind.None;
    }

    /// <inheritdoc/>
    /// <remarks>The link's; what path MTU discovery learns of a destination belongs here.</remarks>
    public static int Mtu(Ipv4<TEthernet, TArp> ip, IpAddress destination) => ip._core.Link.Mtu;

    /// <inheritdoc/>
    public static NetworkInfo Link(Ipv4<TEthernet, TArp> ip) => ip._core.Link;

    /// <inheritdoc/>
    public static WriteStatus Write(Ipv4<TEthernet, TArp> ip, in IpHeader header, ref TransmitFrame frame) =>
        ip._core.Write(header, ref frame);

    /// <inheritdoc/>
    /// <remarks>The handler of the first packet also hears, as an ICMP error from this host itself, of packets whose
    /// next hop did not answer, RFC 1122 section 3.2.2.1.</remarks>
    public static void Input<THandler>(Ipv4<TEthernet, TArp> ip, in ReceivedFrame frame, THandler handler)
        where THandler : struct, IIpHandler => ip._core.Input(frame, handler);

    /// <inheritdoc/>
    public static bool TakeForeign(Ipv4<TEthernet, TArp> ip, bool takes)
    {
        ip._core.Routes.TakesForeign = takes;
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>At most 256 groups at a time.</remarks>
    public static bool Join(Ipv4<TEthernet, TArp> ip, IpAddress group) => ip._core.Join(group);

    /// <inheritdoc/>
    public static void Leave(Ipv4<TEthernet, TArp> ip, IpAddress group) => ip._core.Leave(group);

    internal static IgmpMachine Groups(Ipv4<TEthernet, TArp> ip) => ip._core.Groups;

    internal static Ipv4Counters Counters(Ipv4<TEthernet, TArp> ip) => ip._core.Machine.Counters;

    internal static int FragmentMemory(Ipv4<TEthernet, TArp> ip) => ip._core.Machine.FragmentMemory;

    private static ValueTask<Either<ConnectError, Ipv4Core<TEthernet, TArp>>> Open(
        TEthernet ethernet, TArp arp, Host host, Cidr address, Option<IpAddress> gateway)
    {
        var hop = gateway.ToNullable();
        if (Ipv4Routes.Fault(address, hop) is { } fault)
            return new(new ConnectError(
                fault, "give an address of a network and a gateway on it: --ipv4=10.0.0.2/24 --ipv4-gateway=10.0.0.1"));

        return new(Join(host, ethernet, arp, address, hop));
    }

    private static Ipv4Core<TEthernet, TArp> Join(
        Host host, TEthernet ethernet, TArp arp, Cidr address, IpAddress? gateway)
    {
        TArp.AddAddress(arp, address.Address);
        return new(ethernet, arp, host, new Ipv4Routes(address, gateway));
    }
}
