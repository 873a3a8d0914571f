using System.Buffers;
using LanguageExt;

namespace Mirage.Net;

/// <summary>TCP, UDP and ICMP over IPv4, ARP and Ethernet on any link: MirageOS's direct stack.</summary>
/// <remarks>Every layer is a device of its own in a boot; the address comes from the keys <c>--ipv4</c> and
/// <c>--ipv4-gateway</c>. A datagram to a port that nobody has bound, and a packet of an unknown protocol, are answered
/// as RFC 1122 says.</remarks>
/// <typeparam name="TNetwork">The link.</typeparam>
/// <typeparam name="TCongestion">How connections share the network: <see cref="Cubic"/>, <see cref="NewReno"/>,
/// <see cref="Bbr"/> or one of a user's own.</typeparam>
public readonly struct TcpIp<TNetwork, TCongestion>
    : IStack<TcpIp<TNetwork, TCongestion>>, IIcmp<TcpIp<TNetwork, TCongestion>>
    where TNetwork : struct, INetwork<TNetwork>
    where TCongestion : struct, ICongestionControl
{
    private readonly Layers _layers;

    private TcpIp(Layers layers) => _layers = layers;

    /// <inheritdoc/>
    public static Impl<TcpIp<TNetwork, TCongestion>> Impl =>
        Layers.ImplAs<Layers, TCongestion>().Map(static layers => new TcpIp<TNetwork, TCongestion>(layers));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes a stack in code, for one that no boot wires. Disconnecting it disconnects its layers, but not
    /// <paramref name="network"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The address is no host of its network, or the gateway is not beside
    /// it.</exception>
    public static TcpIp<TNetwork, TCongestion> Create(
        Host host, TNetwork network, Cidr address, IpAddress? gateway = null) =>
        Create(host, network, address, gateway, TcpLimits.ConnectionsMax);

    /// <inheritdoc/>
    public static IReadOnlyList<Cidr> Addresses(TcpIp<TNetwork, TCongestion> stack) => stack._layers.Addresses;

    /// <summary>What TCP has done since it was connected.</summary>
    public static TcpCounters TcpCounters(TcpIp<TNetwork, TCongestion> stack) => stack._layers.TcpCounters;

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        TcpIp<TNetwork, TCongestion> tcp, Endpoint remote, CancellationToken cancellation = default) =>
        tcp._layers.Connect(remote, default, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(TcpIp<TNetwork, TCongestion> tcp, Endpoint remote,
        FlowOptions options, CancellationToken cancellation = default) =>
        tcp._layers.Connect(remote, options, cancellation);

    /// <inheritdoc/>
    public static Either<TcpError, IListener> Listen(
        TcpIp<TNetwork, TCongestion> tcp, ushort port, ListenOptions options = default) =>
        tcp._layers.Listen(port, options);

    /// <inheritdoc/>
    public static Either<UdpError, UdpPort> Bind<THandler>(
        TcpIp<TNetwork, TCongestion> udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler => udp._layers.Bind(port, handler, options);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Write(
        TcpIp<TNetwork, TCongestion> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        udp._layers.Write(source, destination, payload);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> WriteSegments(TcpIp<TNetwork, TCongestion> udp, UdpPort source,
        Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize) =>
        udp._layers.WriteSegments(source, destination, payload, segmentSize);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Join(TcpIp<TNetwork, TCongestion> udp, UdpPort port, IpAddress group) =>
        udp._layers.Join(port, group);

    /// <inheritdoc/>
    public static void Leave(TcpIp<TNetwork, TCongestion> udp, UdpPort port, IpAddress group) =>
        udp._layers.Leave(port, group);

    /// <inheritdoc/>
    public static ValueTask<Either<IcmpError, TimeSpan>> Echo(TcpIp<TNetwork, TCongestion> icmp, IpAddress destination,
        ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        icmp._layers.Echo(destination, data, cancellation);

    /// <inheritdoc/>
    public static void Reject(TcpIp<TNetwork, TCongestion> icmp, in ReceivedPacket offending, IcmpUnreachable reason) =>
        icmp._layers.Reject(offending, reason);

    /// <inheritdoc/>
    public static void Input<THandler>(TcpIp<TNetwork, TCongestion> icmp, in ReceivedPacket packet, THandler handler)
        where THandler : struct, IIcmpHandler => icmp._layers.Input(packet, handler);

    /// <inheritdoc/>
    public static ValueTask Disconnect(TcpIp<TNetwork, TCongestion> device) =>
        device._layers.IsOwner ? device._layers.Disconnect() : ValueTask.CompletedTask;

    /// <inheritdoc cref="TcpIp{TNetwork}.Forward"/>
    public static Either<TcpError, Forwarder> Forward(
        TcpIp<TNetwork, TCongestion> stack, IForwardHandler handler, ForwardOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return stack._layers.Forward(handler, options);
    }

    /// <summary>A stack that takes fewer connections, to be tested at its limit.</summary>
    internal static TcpIp<TNetwork, TCongestion> Create(
        Host host, TNetwork network, Cidr address, IpAddress? gateway, int connectionsMax)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new Layers(host, network, address, gateway, connectionsMax));
    }

    /// <summary>The engine of TCP, for what tests look at.</summary>
    internal static TcpEngine Engine(TcpIp<TNetwork, TCongestion> stack) => stack._layers.Engine;

    // The one place where the types of all layers are spelled.
    private sealed class Layers
        : StackLayers<TNetwork, Ethernet<TNetwork>, Ipv4<Ethernet<TNetwork>, Arp<Ethernet<TNetwork>>>>
    {
        public Layers() { }

        public Layers(Host host, TNetwork network, Cidr address, IpAddress? gateway, int connectionsMax)
        {
            IsOwner = true;
            Create(host, network, Ethernet<TNetwork>.Create(network),
                (ethernet, arp) => Ipv4Layer.Over(host, ethernet, arp, address, gateway), TCongestion.Create,
                connectionsMax);
        }

        /// <summary>Whether the layers were made here, and not each by the boot.</summary>
        public bool IsOwner { get; }
    }
}
