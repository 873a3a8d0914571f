using System.Buffers;
using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>The layers of a stack, wired: what the link receives goes up through all of them.</summary>
/// <typeparam name="TNetwork">The link.</typeparam>
/// <typeparam name="TEthernet">Ethernet on it.</typeparam>
/// <typeparam name="TIp">IP on that.</typeparam>
internal abstract class StackLayers<TNetwork, TEthernet, TIp>
    where TNetwork : struct, INetwork<TNetwork>
    where TEthernet : struct, IEthernet<TEthernet>
    where TIp : struct, IIp<TIp>
{
    private TNetwork _network;
    private TEthernet _ethernet;
    private Arp<TEthernet> _arp;
    private TIp _ip;
    private Icmp<TIp> _icmp;
    private Udp<TIp> _udp;
    private TcpCore<TIp> _tcp = null!;

    public IReadOnlyList<Cidr> Addresses => TIp.Addresses(_ip);

    /// <summary>The engine of TCP, for what tests look at.</summary>
    public TcpEngine Engine => _tcp;

    public TcpCounters TcpCounters => _tcp.Tally.Counters;

    /// <summary>
    /// How the layers are made in a boot, each a device of its own. <typeparamref name="TLayers"/> names this type, and
    /// <typeparamref name="TCongestion"/> the congestion control of TCP.
    /// </summary>
    public static Impl<TLayers> ImplAs<TLayers, TCongestion>()
        where TLayers : StackLayers<TNetwork, TEthernet, TIp>, new()
        where TCongestion : struct, ICongestionControl
    {
        var link = (Of<TNetwork>(), Of<TEthernet>(), Of<Arp<TEthernet>>()).Apply(
            static (network, ethernet, arp) => (Network: network, Ethernet: ethernet, Arp: arp));
        var transports = (Of<Icmp<TIp>>(), Of<Udp<TIp>>(), Of<Tcp<TIp, TCongestion>>()).Apply(
            static (icmp, udp, tcp) => (Icmp: icmp, Udp: udp, Tcp: tcp.Core));
        return (link, Of<TIp>(), transports).Apply(static (link, ip, transports) =>
        {
            var layers = new TLayers();
            (layers._network, layers._ethernet, layers._arp) = link;
            layers._ip = ip;
            (layers._icmp, layers._udp, layers._tcp) = transports;
            layers.Listen();
            return layers;
        });
    }

    public ValueTask<Either<TcpError, IFlow>> Connect(
        Endpoint remote, FlowOptions options, CancellationToken cancellation) =>
        _tcp.Connect(remote, options, cancellation);

    public Either<TcpError, IListener> Listen(ushort port, ListenOptions options) =>
        _tcp.Listen(port, options).Bind(Expose);

    public Either<UdpError, UdpPort> Bind<THandler>(ushort port, THandler handler, in BindOptions options)
        where THandler : struct, IDatagramHandler
    {
        var bound = Udp<TIp>.Bind(_udp, port, handler, options);
        // A port of the stack's choice is a client's: nobody outside knows it to send to it first. A peer that a port
        // is connected to has a way to it.
        return port == 0 || options.Remote is not null ? bound : bound.Bind(Expose);
    }

    public Either<UdpError, Unit> Write(UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        Udp<TIp>.Write(_udp, Inner(source), destination, payload);

    public Either<UdpError, Unit> WriteSegments(
        UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize) =>
        Udp<TIp>.WriteSegments(_udp, Inner(source), destination, payload, segmentSize);

    public Either<UdpError, Unit> Join(UdpPort port, IpAddress group) => Udp<TIp>.Join(_udp, Inner(port), group);

    public void Leave(UdpPort port, IpAddress group) => Udp<TIp>.Leave(_udp, Inner(port), group);

    public ValueTask<Either<IcmpError, TimeSpan>> Echo(
        IpAddress destination, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        Icmp<TIp>.Echo(_icmp, destination, data, cancellation);

    public void Reject(in ReceivedPacket offending, IcmpUnreachable reason) =>
        Icmp<TIp>.Reject(_icmp, offending, reason);

    public void Input<THandler>(in ReceivedPacket packet, THandler handler) where THandler : struct, IIcmpHandler =>
        Icmp<TIp>.Input(_icmp, packet, handler);

    /// <summary>Takes what is sent to other hosts, too.</summary>
    public Either<TcpError, Forwarder> Forward(IForwardHandler handler, in ForwardOptions options)
    {
        if (_tcp.IsDisconnecting)
            return new TcpError.Closed();
        if (_tcp.Forwards.IsOpen)
            throw new InvalidOperationException("A stack forwards for one handler at a time.");
        if (!TIp.TakeForeign(_ip, true))
            return new TcpError.Link(new NetworkError.Unavailable("the IP layer takes no packets of other hosts"));
        _tcp.Forwards.Open(handler, options);
        Udp<TIp>.Forwards(_udp).Open(handler, options);
        return new Forwarder(() =>
        {
            _tcp.Forwards.Close();
            _tcp.AbortForeign();
            Udp<TIp>.Forwards(_udp).Close();
            TIp.TakeForeign(_ip, false);
        });
    }

    /// <summary>Disconnects layers that no boot disconnects, from the top.</summary>
    public async ValueTask Disconnect()
    {
        await _tcp.Disconnect();
        await Udp<TIp>.Disconnect(_udp);
        await Disconnect(_icmp);
        await Disconnect(_ip);
        await Disconnect(_arp);
        await Disconnect(_ethernet);
    }

    /// <summary>Makes the layers in code: <paramref name="make"/> makes IP on Ethernet and ARP.</summary>
    protected void Create(
        Host host, TNetwork network, TEthernet ethernet, Func<TEthernet, Arp<TEthernet>, TIp> make,
        Func<CongestionControl> congestion, int connectionsMax)
    {
        (_network, _ethernet) = (network, ethernet);
        _arp = Arp<TEthernet>.Create(host, ethernet);
        _ip = make(ethernet, _arp);
        _icmp = Icmp<TIp>.Create(host, _ip);
        _udp = Udp<TIp>.Create(host, _ip);
        _tcp = new TcpCore<TIp>(host, _ip, congestion, connectionsMax, TcpLimits.MemoryMax);
        Listen();
    }

    private static ValueTask Disconnect<TDevice>(TDevice device) where TDevice : IDevice<TDevice> =>
        TDevice.Disconnect(device);

    private static UdpPort Inner(UdpPort port) => port is StackUdpPort outer ? outer.Inner : port;

    private void Listen() => TNetwork.Listen(_network, new Upward(this));

    private Either<TcpError, IListener> Expose(TcpListener listener)
    {
        var opened = TNetwork.Expose(_network, IpProtocol.Tcp, listener.Port);
        return opened.Match<Either<TcpError, IListener>>(
            endpoint =>
            {
                listener.Expose(endpoint, () => TNetwork.Conceal(_network, IpProtocol.Tcp, listener.Port));
                return Prelude.Right<TcpError, IListener>(listener);
            },
            error =>
            {
                listener.Close();
                return new TcpError.Link(error);
            });
    }

    private Either<UdpError, UdpPort> Expose(UdpPort port)
    {
        var number = port.Number;
        var opened = TNetwork.Expose(_network, IpProtocol.Udp, number);
        return opened.Match<Either<UdpError, UdpPort>>(
            endpoint => new StackUdpPort(
                port, endpoint.IfNone(port.Reachable), () => TNetwork.Conceal(_network, IpProtocol.Udp, number)),
            error =>
            {
                port.Dispose();
                return new UdpError.Link(error);
            });
    }

    /// <summary>The way of a frame, layer by layer.</summary>
    private readonly struct Upward(StackLayers<TNetwork, TEthernet, TIp> layers)
        : IFrameHandler, IEthernetHandler, IIpHandler, IIcmpHandler
    {
        void IFrameHandler.Input(in ReceivedFrame frame) => TEthernet.Input(layers._ethernet, frame, this);

        void IEthernetHandler.Arp(in ReceivedFrame payload) => Arp<TEthernet>.Input(layers._arp, payload);

        void IEthernetHandler.Ipv4(in ReceivedFrame payload) => TIp.Input(layers._ip, payload, this);

        void IEthernetHandler.Ipv6(in ReceivedFrame payload) { } // This stack speaks IPv4 only.

        void IIpHandler.Icmp(in ReceivedPacket packet) => Icmp<TIp>.Input(layers._icmp, packet, this);

        void IIpHandler.Tcp(in ReceivedPacket packet) => layers._tcp.Input(packet);

        void IIpHandler.Udp(in ReceivedPacket packet)
        {
            if (!Udp<TIp>.Input(layers._udp, packet))
                Icmp<TIp>.Reject(layers._icmp, packet, IcmpUnreachable.Port); // RFC 1122 section 4.1.3.1.
        }

        void IIpHandler.Other(in ReceivedPacket packet)
        {
            if (TIp.IsLocal(layers._ip, packet.Destination)) // Of another host nobody here knows what it speaks.
                Icmp<TIp>.Reject(layers._icmp, packet, IcmpUnreachable.Protocol); // RFC 1122 section 3.2.2.1.
        }

        void IIcmpHandler.Unreachable(in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport)
        {
            if (quotation.Protocol is IpProtocol.Tcp)
                layers._tcp.Unreachable(quotation, quotedTransport);
            else if (quotation.Protocol is IpProtocol.Udp)
                Udp<TIp>.Unreachable(layers._udp, quotation, quotedTransport);
        }
    }
}
