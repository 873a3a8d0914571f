namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

[Trait("Conforms", "RFC 1122 section 4.1.3.3")]
public sealed class UdpErrorTests
{
    private static readonly Endpoint s_peer = new(Station.Peer, 4000);

    [Fact]
    [Trait("Behaviour", "80")]
    public void ConnectedPort_PortUnreachable_IsTold() => Run((station, heard) =>
    {
        Bind(station, heard, "connected", new() { Remote = s_peer });
        Deliver(station, 7, s_peer);
        Assert.Equal(["connected 10.0.0.1:4000 Port"], heard.Take());
        Deliver(station, 7, s_peer, code: 1);
        Assert.Equal(["connected 10.0.0.1:4000 Host"], heard.Take());
        Assert.Equal(2, station.UdpCounters.InUnreachable);
    });

    [Fact]
    [Trait("Behaviour", "80")]
    public void UnconnectedPort_IsToldOnlyWhenItAsked() => Run((station, heard) =>
    {
        Bind(station, heard, "silent").Dispose();
        Bind(station, heard, "silent");
        Deliver(station, 7, s_peer);
        Assert.Empty(heard.Take());
        Bind(station, heard, "asked", new() { LocalAddress = Station.Own, ReportsErrors = true });
        Deliver(station, 7, s_peer);
        Assert.Equal(["asked 10.0.0.1:4000 Port"], heard.Take());
    });

    [Fact]
    [Trait("Behaviour", "80")]
    [Trait("Hostile", "17")]
    public void ErrorAboutAnotherFlow_IsForNobody() => Run((station, heard) =>
    {
        Bind(station, heard, "connected", new() { Remote = s_peer });
        Deliver(station, 7, s_peer with { Port = 4001 });
        Deliver(station, 8, s_peer);
        Deliver(station, 7, new(IpAddress.Parse("10.0.0.9"), 4000));
        Assert.Empty(heard.Take());
        Assert.Equal(0, station.UdpCounters.InUnreachable);
    });

    [Fact]
    [Trait("Behaviour", "80")]
    public void HostThatNoLinkAddressIsFoundFor_IsToldLikewise() => Station.Run(async station =>
    {
        var heard = new Heard();
        var far = new Endpoint(IpAddress.Parse("10.0.0.77"), 9);
        var port = Bind(station, heard, "connected", new() { Remote = far });
        station.Deliver(IpProtocol.Udp, Packets.Udp(s_peer, new(Station.Own, 9), []));
        Assert.True(Datagrams.Write(station.Udp, port, far, default).IsRight);
        await station.Sleep(30);
        Assert.Equal(["connected 10.0.0.77:9 Host"], heard.Take());
    });

    [Fact]
    [Trait("Behaviour", "81")]
    public void PortThatMustNotBeFragmented_LongerThanTheLink_IsRefused() => Run((station, heard) =>
    {
        station.Learn();
        var port = Bind(station, heard, "whole", new() { DontFragment = true });
        Assert.Equal(
            new UdpError.TooLong(1473), Datagrams.Write(station.Udp, port, s_peer, new(new byte[1473])).Error());
        Assert.Empty(station.Wire.Take());
        Assert.True(Datagrams.Write(station.Udp, port, s_peer, new(new byte[1472])).IsRight);
        Assert.Equal(Ipv4Flags.DontFragment, Assert.Single(station.Wire.Take()).Ip.Flags);

        var other = Bind(station, heard, "any", new() { Remote = s_peer });
        Assert.True(Datagrams.Write(station.Udp, other, s_peer, new(new byte[1473])).IsRight);
        Assert.Equal(2, station.Wire.Take().Length);
    });

    private static void Run(Action<Station, Heard> body) => Station.Run(station => body(station, new()));

    private static UdpPort Bind(Station station, Heard heard, string name, BindOptions options = default) =>
        Datagrams.Bind(station.Udp, 7, heard.As(name), options).Value();

    private static void Deliver(Station station, ushort port, Endpoint remote, byte code = 3)
    {
        var quoted = Packets.Ipv4(
            new() { Source = Station.Own, Destination = remote.Address, Protocol = IpProtocol.Udp, Ttl = 64 },
            Packets.Udp(new(Station.Own, port), remote, []));
        station.Deliver(IpProtocol.Icmp, Packets.Icmp(new(IcmpType.DestinationUnreachable, code, 0), quoted));
    }
}
