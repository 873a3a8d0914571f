using LanguageExt;

namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

public sealed class UdpDemuxTests
{
    private static readonly Endpoint s_own = new(Station.Own, 7);
    private static readonly Endpoint s_peer = new(Station.Peer, 4000);

    [Fact]
    [Trait("Behaviour", "77")]
    public void ThreePortsOfANumber_MostSpecificGetsTheDatagram() => Run((station, heard) =>
    {
        var wildcard = Bind(station, heard, "wildcard");
        var bound = Bind(station, heard, "bound", new() { LocalAddress = Station.Own });
        var connected = Bind(station, heard, "connected", new() { Remote = s_peer });
        Deliver(station, s_peer);
        Deliver(station, s_peer with { Port = 4001 });
        Deliver(station, new(IpAddress.Parse("10.0.0.3"), 4000));
        Deliver(station, s_peer, IpAddress.BroadcastV4);
        Assert.Equal(["connected 01", "bound 01", "bound 01", "wildcard 01"], heard.Take());

        connected.Dispose();
        Deliver(station, s_peer);
        bound.Dispose();
        Deliver(station, s_peer);
        wildcard.Dispose();
        station.Learn();
        Deliver(station, s_peer);
        Assert.Equal(["bound 01", "wildcard 01"], heard.Take());
        Assert.Equal(IcmpType.DestinationUnreachable, Assert.Single(station.Wire.Take()).Icmp.Type);
    });

    [Fact]
    [Trait("Behaviour", "77")]
    public void SameBindingTwice_IsInUse_OtherBindingsAreNot() => Run((station, heard) =>
    {
        BindOptions[] all =
        [
            default, new() { LocalAddress = Station.Own }, new() { Remote = s_peer },
            new() { Remote = s_peer with { Port = 1 } },
        ];
        foreach (var options in all)
            Bind(station, heard, "first", options);
        foreach (var options in all)
            Assert.Equal(new UdpError.PortInUse(7), TryBind(station, heard, options).Error());
        // A connected port has one address: naming it makes no other binding. Nor are there two wildcards.
        Assert.Equal(
            new UdpError.PortInUse(7),
            TryBind(station, heard, new() { Remote = s_peer, LocalAddress = Station.Own }).Error());
        Assert.Equal(
            new UdpError.PortInUse(7),
            TryBind(station, heard, new() { LocalAddress = IpAddress.AnyV4 }).Error());
    });

    [Fact]
    public void AddressOfAnotherHost_IsUnavailable_PeerWithoutRoute_HasNone() => Run((station, heard) =>
    {
        var link = Assert.IsType<UdpError.Link>(TryBind(station, heard, new() { LocalAddress = Station.Peer }).Error());
        Assert.Equal("10.0.0.1 is no address of this host", link.ToString());
        var far = IpAddress.Parse("192.0.2.1");
        Assert.Equal(
            new UdpError.NoRoute(far), TryBind(station, heard, new() { Remote = new(far, 1) }).Error());
    });

    [Fact]
    [Trait("Behaviour", "116")]
    public void PortChosen_IsOneThatNoBindingHas() => Run((station, heard) =>
    {
        // Every number of the range but one is bound to an address or connected.
        for (var number = (int)EphemeralPorts.First; number < EphemeralPorts.First + 8000; number++)
        {
            BindOptions options = (number & 1) == 0 ? new() { Remote = s_peer } : new() { LocalAddress = Station.Own };
            Assert.True(Datagrams.Bind(station.Udp, (ushort)number, heard.As("x"), options).IsRight);
        }

        for (var count = 0; count < 300; count++)
        {
            var port = Datagrams.Bind(station.Udp, 0, heard.As("x")).Value();
            Assert.True(port.Number >= EphemeralPorts.First + 8000);
        }
    });

    [Fact]
    public void ConnectedPorts_CountTowardsTheLimit_AndAreFreedOneByOne() => Run((station, heard) =>
    {
        var ports = new List<UdpPort>();
        for (var count = 0; count < UdpPorts<object>.CountMax; count++)
        {
            var options = new BindOptions { Remote = new(Station.Peer, (ushort)(count + 1)) };
            ports.Add(Datagrams.Bind(station.Udp, 7, heard.As($"{count}"), options).Value());
        }

        Assert.Equal(new UdpError.NoFreePort(), TryBind(station, heard, default).Error());
        Deliver(station, new(Station.Peer, 5000));
        Assert.Equal(["4999 01"], heard.Take());
        ports[0].Dispose();
        ports[0].Dispose();
        Assert.True(TryBind(station, heard, default).IsRight);
        Assert.Equal(new UdpError.NoFreePort(), TryBind(station, heard, new() { LocalAddress = Station.Own }).Error());
        Deliver(station, new(Station.Peer, 1));
        Assert.Equal(["x 01"], heard.Take());
    });

    [Fact]
    public void LayerDisconnected_TellsEveryPort_AndUnbindsThem() => Station.Run(async station =>
    {
        var heard = new Heard();
        var port = Bind(station, heard, "wildcard");
        Bind(station, heard, "connected", new() { Remote = s_peer });
        await Datagrams.Disconnect(station.Udp);
        Assert.Equal(["wildcard closed", "connected closed"], heard.Take());
        Assert.Equal(new UdpError.Closed(), Datagrams.Write(station.Udp, port, s_peer, default).Error());
        port.Dispose();
        await Datagrams.Disconnect(station.Udp);
        Assert.Empty(heard.Take());
    });

    [Fact]
    public void HandlerThatUnbinds_GetsNothingMoreOfAMergedFrame() => Run((station, heard) =>
    {
        var port = new UdpPort?[1];
        var taken = new List<int>();
        port[0] = Datagrams.Bind(station.Udp, 7, new OneShot(port, taken)).Value();
        var packet = Packets.Ipv4(new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp },
            Packets.Udp(s_peer, s_own, [1, 2, 3, 4, 5]));
        station.Deliver(packet, checksumValid: true, segmentSize: 2);
        Assert.Equal([2], taken);
    });

    private static void Run(Action<Station, Heard> body) => Station.Run(station => body(station, new()));

    private static UdpPort Bind(Station station, Heard heard, string name, BindOptions options = default) =>
        Datagrams.Bind(station.Udp, s_own.Port, heard.As(name), options).Value();

    private static Either<UdpError, UdpPort> TryBind(Station station, Heard heard, BindOptions options) =>
        Datagrams.Bind(station.Udp, s_own.Port, heard.As("x"), options);

    private static void Deliver(Station station, Endpoint source, IpAddress? destination = null)
    {
        var to = destination ?? Station.Own;
        var packet = Packets.Ipv4(
            new() { Source = source.Address, Destination = to, Protocol = IpProtocol.Udp, Ttl = 64 },
            Packets.Udp(source, new(to, s_own.Port), [1]));
        station.Deliver(packet, destination is null ? null : MacAddress.Broadcast);
    }

    private readonly struct OneShot(UdpPort?[] port, List<int> taken) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
        {
            taken.Add(payload.Length);
            port[0]!.Dispose();
        }

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
