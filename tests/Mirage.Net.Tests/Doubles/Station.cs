using Mirage.Testing;

namespace Mirage.Net.Tests;

using Link = Ethernet<TestNetwork>;
using Resolver = Arp<Ethernet<TestNetwork>>;
using Ip = Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>;
using Messages = Icmp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;
using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

/// <summary>Ethernet, ARP, IPv4, ICMP and UDP wired up over a <see cref="TestWire"/>, and a peer at the other end of
/// it.</summary>
internal sealed class Station : IDevice<Station>
{
    public static readonly IpAddress Own = IpAddress.Parse("10.0.0.2");
    public static readonly IpAddress Peer = IpAddress.Parse("10.0.0.1");
    public static readonly MacAddress PeerMac = MacAddress.Parse("02:00:00:00:00:99");

    private Station(
        Host host, TestNetwork network, Link ethernet, Resolver arp, Ip ip, (Messages Icmp, Datagrams Udp) above)
    {
        (Host, Wire, Ethernet, Arp, Ip) = (host, TestWire.Of(host), ethernet, arp, ip);
        (Icmp, Udp) = above;
        TestNetwork.Listen(network, new Handler(this));
    }

    public static Impl<Station> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TestNetwork>(), Mirage.Impl.Of<Link>(), Mirage.Impl.Of<Resolver>(),
            Mirage.Impl.Of<Ip>(),
            (Mirage.Impl.Of<Messages>(), Mirage.Impl.Of<Datagrams>()).Apply(static (icmp, udp) => (icmp, udp)))
        .Apply(
            static (host, network, ethernet, arp, ip, above) => new Station(host, network, ethernet, arp, ip, above));

    public Host Host { get; }

    public TestWire Wire { get; }

    public Link Ethernet { get; }

    public Resolver Arp { get; }

    public Ip Ip { get; }

    public Messages Icmp { get; }

    public Datagrams Udp { get; }

    public Ipv4Counters IpCounters => Ipv4<Link, Resolver>.Counters(Ip);

    public int FragmentMemory => Ipv4<Link, Resolver>.FragmentMemory(Ip);

    public int NeighbourCount => Resolver.Count(Arp);

    public IcmpCounters IcmpCounters => Messages.Counters(Icmp);

    public UdpCounters UdpCounters => Datagrams.Counters(Udp);

    /// <summary>TCP segments that came up, as packets without their IP header.</summary>
    public List<(byte[] Payload, bool ChecksumValid, byte Ttl, byte Ecn)> Segments { get; } = [];

    /// <summary>ICMP errors that came up, each with what it quotes of the transport.</summary>
    public List<(IcmpQuotation Quotation, byte[] Transport)> Unreachable { get; } = [];

    /// <summary>Boots a station, lets the announcements of its address pass and runs <paramref name="body"/>.</summary>
    public static void Run(Func<Station, ValueTask> body, NetworkInfo? info = null, params string[] args)
    {
        using var host = new SimHost();
        if (info is { } link)
            TestWire.Of(host).Info = link;
        Booted.Run<Station>(host, async station =>
        {
            await station.Sleep(3);
            station.Wire.Take();
            await body(station);
        }, args);
    }

    /// <inheritdoc cref="Run(Func{Station, ValueTask}, NetworkInfo?, string[])"/>
    public static void Run(Action<Station> body, NetworkInfo? info = null, params string[] args) => Run(station =>
    {
        body(station);
        return ValueTask.CompletedTask;
    }, info, args);

    public async ValueTask Sleep(double seconds) => await Task.Delay(TimeSpan.FromSeconds(seconds), Host.Time);

    /// <summary>The peer makes itself known, so that nothing is asked for.</summary>
    public void Learn(IpAddress? ip = null)
    {
        var image = new byte[ArpPacket.FixedSize];
        new ArpPacket(ArpOperation.Request, PeerMac, ip ?? Peer, default, Own).Emit(image);
        Wire.Deliver(Packets.Frame(TestWire.Mac, PeerMac, EtherType.Arp, image));
        Wire.Take();
    }

    /// <summary>The peer answers that it has <paramref name="ip"/>.</summary>
    public void Answer(IpAddress ip)
    {
        var image = new byte[ArpPacket.FixedSize];
        new ArpPacket(ArpOperation.Reply, PeerMac, ip, TestWire.Mac, Own).Emit(image);
        Wire.Deliver(Packets.Frame(TestWire.Mac, PeerMac, EtherType.Arp, image));
    }

    /// <summary>The peer sends a packet.</summary>
    public void Deliver(
        byte[] packet, MacAddress? destination = null, bool checksumValid = false, ushort segmentSize = 0) =>
        Wire.Deliver(
            Packets.Frame(destination ?? TestWire.Mac, PeerMac, EtherType.Ipv4, packet), checksumValid, segmentSize);

    /// <summary>The peer sends a packet with that payload to this host.</summary>
    public void Deliver(IpProtocol protocol, byte[] payload, Func<Ipv4Header, Ipv4Header>? with = null)
    {
        var header = new Ipv4Header { Source = Peer, Destination = Own, Protocol = protocol, Ttl = 64 };
        Deliver(Packets.Ipv4(with?.Invoke(header) ?? header, payload));
    }

    private readonly struct Handler(Station station) : IFrameHandler, IEthernetHandler, IIpHandler, IIcmpHandler
    {
        public void Input(in ReceivedFrame frame) => Link.Input(station.Ethernet, frame, this);

        public void Arp(in ReceivedFrame payload) => Resolver.Input(station.Arp, payload);

        public void Ipv4(in ReceivedFrame payload, MacAddress destination) => Station.Ipv4Input(station, payload, this);

        public void Ipv6(in ReceivedFrame payload, MacAddress destination) { }

        public void Icmp(in ReceivedPacket packet) => Messages.Input(station.Icmp, packet, this);

        public void Tcp(in ReceivedPacket packet) =>
            station.Segments.Add(
                (packet.Payload.Bytes.ToArray(), packet.Payload.ChecksumValid, packet.Ttl, packet.Ecn));

        public void Udp(in ReceivedPacket packet)
        {
            if (!Datagrams.Input(station.Udp, packet))
                Messages.Reject(station.Icmp, packet, IcmpUnreachable.Port);
        }

        public void Other(in ReceivedPacket packet) => Messages.Reject(station.Icmp, packet, IcmpUnreachable.Protocol);

        public void Unreachable(in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport)
        {
            station.Unreachable.Add((quotation, quotedTransport.ToArray()));
            if (quotation.Protocol is IpProtocol.Udp)
                Datagrams.Unreachable(station.Udp, quotation, quotedTransport);
        }
    }

    private static void Ipv4Input(Station station, in ReceivedFrame payload, Handler handler) =>
        Ip.Input(station.Ip, payload, handler);
}
