namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

public sealed class UdpPortTests
{
    [Fact]
    public void PortBoundTwice_IsInUseUntilItIsUnbound() => Station.Run(station =>
    {
        var first = (UdpPort)Bind(station, 53);
        Assert.Equal((53, new Endpoint(Station.Own, 53)), (first.Number, first.Reachable));
        Assert.Equal(new UdpError.PortInUse(53), (UdpError)Bind(station, 53));
        first.Dispose();
        var second = (UdpPort)Bind(station, 53);
        first.Dispose(); // Again: the other one stays.
        Assert.Equal(new UdpError.PortInUse(53), (UdpError)Bind(station, 53));
        Assert.Equal(
            new UdpError.Closed(), (UdpError)Datagrams.Write(station.Udp, first, new(Station.Peer, 1), default));
        Assert.True(Datagrams.Write(station.Udp, second, new(Station.Peer, 1), default).IsRight);
    });

    [Fact]
    public void UnboundPort_DrawsPortUnreachable() => Station.Run(station =>
    {
        station.Learn();
        ((UdpPort)Bind(station, 53)).Dispose();
        station.Deliver(IpProtocol.Udp, Packets.Udp(new(Station.Peer, 1), new(Station.Own, 53), []));
        Assert.Equal(IcmpType.DestinationUnreachable, Assert.Single(station.Wire.Take()).Icmp.Type);
    });

    [Fact]
    [Trait("Conforms", "RFC 6056")]
    [Trait("Behaviour", "116")]
    [Trait("Hostile", "14")]
    public void PortsChosen_AreFreeAndSpread() => Station.Run(station =>
    {
        var numbers = Enumerable.Range(0, 200).Select(_ => ((UdpPort)Bind(station, 0)).Number).ToArray();
        Assert.Equal(200, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.True(number >= EphemeralPorts.First));
        Assert.True(
            numbers.Select(number => number >> 11).Distinct().Count() == 16, "Each sixteenth of the range is used.");
    });

    [Fact]
    public void MorePortsThanTheLimit_AreRefused() => Station.Run(station =>
    {
        for (var count = 1; count <= UdpPorts<object>.CountMax; count++)
            Assert.True(Bind(station, (ushort)count).IsRight);
        Assert.Equal(new UdpError.NoFreePort(), (UdpError)Bind(station, 0));
        Assert.Equal(new UdpError.NoFreePort(), (UdpError)Bind(station, 60000));
    });

    private static LanguageExt.Either<UdpError, UdpPort> Bind(Station station, ushort port) =>
        Datagrams.Bind(station.Udp, port, default(Sink));

    private readonly struct Sink : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
