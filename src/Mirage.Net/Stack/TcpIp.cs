using System.Buffers;
using LanguageExt;

namespace Mirage.Net;

/// <summary>TCP, UDP and ICMP over IPv4, ARP and Ethernet on any link: MirageOS's direct stack.</summary>
/// <remarks>Every layer is a device of its own in a boot; the address comes from the keys <c>--ipv4</c> and
/// <c>--ipv4-gateway</c>. A datagram to a port that nobody has bound, and a packet of an unknown protocol, are answered
/// as RFC 1122 says. Connections share the network by <see cref="Cubic"/>; <see cref="TcpIp{TNetwork, TCongestion}"/>
/// takes another way.</remarks>
/// <typeparam name="TNetwork">The link.</typeparam>
public readonly struct TcpIp<TNetwork> : IStack<TcpIp<TNetwork>>, IIcmp<TcpIp<TNetwork>>
    where TNetwork : struct, INetwork<TNetwork>
{
    private readonly TcpIp<TNetwork, Cubic> _stack;

    private TcpIp(TcpIp<TNetwork, Cubic> stack) => _stack = stack;

    /// <inheritdoc/>
    public static Impl<TcpIp<TNetwork>> Impl =>
        TcpIp<TNetwork, Cubic>.Impl.Map(static stack => new TcpIp<TNetwork>(stack));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes a stack in code, for one that no boot wires. Disconnecting it disconnects its layers, but not
    /// <paramref name="network"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The address is no host of its network, or the gateway is not beside
    /// it.</exception>
    public static TcpIp<TNetwork> Create(Host host, TNetwork network, Cidr address, IpAddress? gateway = null) =>
        Create(host, network, address, gateway, TcpLimits.ConnectionsMax);

    /// <inheritdoc/>
    public static IReadOnlyList<Cidr> Addresses(TcpIp<TNetwork> stack) =>
        TcpIp<TNetwork, Cubic>.Addresses(stack._stack);

    /// <summary>What TCP has done since it was connected.</summary>
    public static TcpCounters TcpCounters(TcpIp<TNetwork> stack) =>
        TcpIp<TNetwork, Cubic>.TcpCounters(stack._stack);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        TcpIp<TNetwork> tcp, Endpoint remote, CancellationToken cancellation = default) =>
        TcpIp<TNetwork, Cubic>.Connect(tcp._stack, remote, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        TcpIp<TNetwork> tcp, Endpoint remote, FlowOptions options, CancellationToken cancellation = default) =>
        TcpIp<TNetwork, Cubic>.Connect(tcp._stack, remote, options, cancellation);

    /// <inheritdoc/>
    public static Either<TcpError, IListener> Listen(
        TcpIp<TNetwork> tcp, ushort port, ListenOptions options = default) =>
        TcpIp<TNetwork, Cubic>.Listen(tcp._stack, port, options);

    /// <inheritdoc/>
    public static Either<UdpError, UdpPort> Bind<THandler>(
        TcpIp<TNetwork> udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler => TcpIp<TNetwork, Cubic>.Bind(udp._stack, port, handler, options);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Write(
        TcpIp<TNetwork> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        TcpIp<TNetwork, Cubic>.Write(udp._stack, source, destination, payload);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> WriteSegments(
        TcpIp<TNetwork> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize) =>
        TcpIp<TNetwork, Cubic>.WriteSegments(udp._stack, source, destination, payload, segmentSize);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Join(TcpIp<TNetwork> udp, UdpPort port, IpAddress group) =>
        TcpIp<TNetwork, Cubic>.Join(udp._stack, port, group);

    /// <inheritdoc/>
    public static void Leave(TcpIp<TNetwork> udp, UdpPort port, IpAddress group) =>
        TcpIp<TNetwork, Cubic>.Leave(udp._stack, port, group);

    /// <inheritdoc/>
    public static ValueTask<Either<IcmpError, TimeSpan>> Echo(TcpIp<TNetwork> icmp, IpAddress destination,
        ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        TcpIp<TNetwork, Cubic>.Echo(icmp._stack, destination, data, cancellation);

    /// <inheritdoc/>
    public static void Reject(TcpIp<TNetwork> icmp, in ReceivedPacket offending, IcmpUnreachable reason) =>
        TcpIp<TNetwork, Cubic>.Reject(icmp._stack, offending, reason);

    /// <inheritdoc/>
    public static void Input<THandler>(TcpIp<TNetwork> icmp, in ReceivedPacket packet, THandler handler)
        where THandler : struct, IIcmpHandler => TcpIp<TNetwork, Cubic>.Input(icmp._stack, packet, handler);

    /// <inheritdoc/>
    public static ValueTask Disconnect(TcpIp<TNetwork> device) =>
        TcpIp<TNetwork, Cubic>.Disconnect(device._stack);

    /// <summary>
    /// Takes the connections and datagrams to every unicast address and port of other hosts that the link brings, and
    /// answers in their stead: for a VPN, or a proxy of a whole network. What is sent to this host itself goes to its
    /// listeners and ports as before; nothing else, no echo and no ARP request, is answered for others.
    /// </summary>
    /// <returns>What ends it when it is disposed.</returns>
    /// <exception cref="InvalidOperationException">The stack forwards already.</exception>
    public static Either<TcpError, Forwarder> Forward(
        TcpIp<TNetwork> stack, IForwardHandler handler, ForwardOptions options = default) =>
        TcpIp<TNetwork, Cubic>.Forward(stack._stack, handler, options);

    /// <summary>A stack that takes fewer connections, to be tested at its limit.</summary>
    internal static TcpIp<TNetwork> Create(
        Host host, TNetwork network, Cidr address, IpAddress? gateway, int connectionsMax) =>
        new(TcpIp<TNetwork, Cubic>.Create(host, network, address, gateway, connectionsMax));

    /// <summary>The engine of TCP, for what tests look at.</summary>
    internal static TcpEngine Engine(TcpIp<TNetwork> stack) =>
        TcpIp<TNetwork, Cubic>.Engine(stack._stack);
}
