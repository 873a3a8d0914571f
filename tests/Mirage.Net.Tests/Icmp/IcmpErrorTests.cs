namespace Mirage.Net.Tests;

using Messages = Icmp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

/// <summary>Errors sent and received.</summary>
[Trait("Conforms", "RFC 1122")]
public sealed class IcmpErrorTests
{
    private static readonly Endpoint s_own = new(Station.Own, 7);
    private static readonly Endpoint s_peer = new(Station.Peer, 4000);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(520)]
    [InlineData(521)]
    [InlineData(1400)]
    [Trait("Conforms", "RFC 1812")]
    [Trait("Behaviour", "34")]
    public void DatagramToAClosedPort_DrawsPortUnreachableThatQuotesIt(int length) => Station.Run(station =>
    {
        station.Learn();
        var datagram = Packets.Udp(s_peer, s_own, new byte[length]);
        var packet = Packets.Ipv4(
            new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp, Ttl = 9 }, datagram);
        station.Deliver([.. packet, .. new byte[18]]);

        var error = Assert.Single(station.Wire.Take());
        Assert.Equal(new IcmpMessage(IcmpType.DestinationUnreachable, 3, 0), error.Icmp);
        Assert.Equal(packet[..Math.Min(packet.Length, 576 - 28)], error.IcmpData);
        Assert.Equal(Math.Min(576, 28 + packet.Length), error.Ip.TotalLength);
        Assert.Equal((1, 1), (station.UdpCounters.NoPorts, station.IcmpCounters.OutErrors));
    });

    [Theory]
    [InlineData("255.255.255.255", "10.0.0.1", 0)]
    [InlineData("10.0.0.255", "10.0.0.1", 0)]
    [InlineData("10.0.0.2", "224.0.0.1", 0)]
    [InlineData("10.0.0.2", "0.0.0.0", 0)]
    [InlineData("10.0.0.2", "127.0.0.1", 0)]
    [InlineData("10.0.0.2", "10.0.0.1", 1480)] // Not the first fragment.
    [Trait("Behaviour", "36")]
    [Trait("Hostile", "20")]
    public void PacketThatIsNotToBeAnswered_DrawsNoError(string destination, string source, int offset) =>
        Station.Run(station =>
    {
        station.Learn();
        var (from, to) = (IpAddress.Parse(source), IpAddress.Parse(destination));
        var datagram = Packets.Udp(new(from, 4000), new(to, 7), [1, 2, 3]);
        station.Deliver(IpProtocol.Udp, datagram, header =>
            header with { Source = from, Destination = to, FragmentOffset = offset });
        station.Deliver((IpProtocol)99, datagram, header =>
            header with { Source = from, Destination = to, FragmentOffset = offset });
        Messages.Reject(station.Icmp, new ReceivedPacket
        {
            Source = from,
            Destination = to,
            IsBroadcast = to != Station.Own,
            Header = Packets.Ipv4(new() { Source = from, Destination = to, FragmentOffset = offset }, []),
            Payload = new(datagram),
        }, IcmpUnreachable.Port);
        Assert.Empty(station.Wire.Take());
    });

    [Fact]
    [Trait("Behaviour", "36")]
    public void IcmpMessage_DrawsAnErrorOnlyWhenItIsKnownToBeNone() => Station.Run(station =>
    {
        station.Learn();
        for (var type = 0; type < 256; type++)
        {
            station.Wire.Take();
            Messages.Reject(station.Icmp, new ReceivedPacket
            {
                Source = Station.Peer,
                Destination = Station.Own,
                Protocol = IpProtocol.Icmp,
                Payload = new(Packets.Icmp(new((IcmpType)type, 0, 0), [])),
            }, IcmpUnreachable.Protocol);
            Assert.Equal(type is 0 or 8, station.Wire.Take().Length == 1);
        }
    });

    [Fact]
    [Trait("Conforms", "RFC 1812")]
    [Trait("Behaviour", "37")]
    [Trait("Hostile", "16")]
    public void FloodToClosedPorts_DrawsErrorsWithinTheRate() => Station.Run(async station =>
    {
        station.Learn();
        var datagram = Packets.Udp(s_peer, s_own, []);
        for (var count = 0; count < 1000; count++)
            station.Deliver(IpProtocol.Udp, datagram);
        Assert.InRange(station.Wire.Take().Length, IcmpRateLimiter.BurstMax / 2, IcmpRateLimiter.BurstMax);

        var sent = 0;
        for (var count = 0; count < 1000; count++)
        {
            await station.Sleep(0.01);
            station.Deliver(IpProtocol.Udp, datagram);
            station.Deliver(IpProtocol.Udp, datagram);
            station.Deliver(IpProtocol.Udp, datagram);
            sent += station.Wire.Take().Length;
        }

        Assert.InRange(sent, IcmpRateLimiter.TokensPerSecond * 10 / 2, IcmpRateLimiter.TokensPerSecond * 10);
    });

    [Fact]
    [Trait("Behaviour", "37")]
    public void RateExhausted_PathMtuSignalStillPasses()
    {
        var limiter = new IcmpRateLimiter(7);
        for (var count = 0; count < 2 * IcmpRateLimiter.BurstMax; count++)
            limiter.HandleError(IcmpUnreachable.Port, 0);
        Assert.False(limiter.HandleError(IcmpUnreachable.Port, 0));
        Assert.True(limiter.HandleError(IcmpUnreachable.FragmentationNeeded, 0));
        Assert.False(limiter.HandleError(IcmpUnreachable.Port, 0));
        Assert.InRange(limiter.Suppressed, IcmpRateLimiter.BurstMax, 2 * IcmpRateLimiter.BurstMax);
        Assert.True(limiter.HandleError(IcmpUnreachable.Port, long.MaxValue)); // A clock that leaps does no harm.
        Assert.True(limiter.HandleError(IcmpUnreachable.Port, 0)); // One that goes back does none either.
    }

    [Theory]
    [InlineData(3, 0, IcmpUnreachable.Network)]
    [InlineData(3, 1, IcmpUnreachable.Host)]
    [InlineData(3, 2, IcmpUnreachable.Protocol)]
    [InlineData(3, 3, IcmpUnreachable.Port)]
    [InlineData(3, 4, IcmpUnreachable.FragmentationNeeded)]
    [InlineData(3, 5, IcmpUnreachable.Host)]
    [InlineData(3, 6, IcmpUnreachable.Network)]
    [InlineData(3, 9, IcmpUnreachable.Prohibited)]
    [InlineData(3, 13, IcmpUnreachable.Prohibited)]
    [InlineData(11, 0, IcmpUnreachable.TimeExceeded)]
    [InlineData(12, 0, IcmpUnreachable.ParameterProblem)]
    public void ErrorAboutAPacketOfOurs_IsHandedUp(byte type, byte code, IcmpUnreachable reason) =>
        Station.Run(station =>
    {
        station.Deliver(IpProtocol.Icmp, Packets.Icmp(new((IcmpType)type, code, 1400), Quoted()));
        var (quotation, transport) = Assert.Single(station.Unreachable);
        var mtu = reason is IcmpUnreachable.FragmentationNeeded ? 1400 : 0;
        Assert.Equal(new(Station.Own, Station.Peer, IpProtocol.Udp, reason, mtu), quotation);
        Assert.Equal(Quoted()[Ipv4Header.FixedSize..], transport);
    });

    [Fact]
    [Trait("Conforms", "RFC 6633")]
    [Trait("Behaviour", "38")]
    public void QuenchRedirectAndUnknownTypes_AreIgnored() => Station.Run(station =>
    {
        station.Learn();
        byte[] types = [4, 5, 9, 10, 13, 15, 17, 30, 40, 255];
        foreach (var type in types)
            station.Deliver(IpProtocol.Icmp, Packets.Icmp(new((IcmpType)type, 0, 0x0A000001), Quoted()));
        Assert.Empty(station.Unreachable);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(types.Length, station.IcmpCounters.InIgnored);
    });

    [Theory]
    [InlineData("10.0.0.3", 0, 8, 3, 0u)] // Quotes a packet that is not ours.
    [InlineData("10.0.0.2", 8, 8, 3, 0u)] // Quotes a later fragment.
    [InlineData("10.0.0.2", 0, 7, 3, 0u)] // Quotes too little.
    [InlineData("10.0.0.2", 0, 8, 16, 0u)] // Gives no known reason.
    [InlineData("10.0.0.2", 0, 8, 4, 67u)] // Names an MTU that no link has.
    [Trait("Conforms", "RFC 5927")]
    [Trait("Hostile", "17")]
    public void ForgedError_IsDropped(string source, int offset, int length, byte code, uint rest) =>
        Station.Run(station =>
    {
        var quoted = Packets.Ipv4(
            Sent() with { Source = IpAddress.Parse(source), FragmentOffset = offset }, new byte[length]);
        station.Deliver(IpProtocol.Icmp, Packets.Icmp(new(IcmpType.DestinationUnreachable, code, rest), quoted));
        Assert.Empty(station.Unreachable);
        Assert.Equal(1, station.IcmpCounters.InForged);
    });

    [Fact]
    [Trait("Hostile", "1")]
    [Trait("Hostile", "2")]
    [Trait("Hostile", "17")]
    public void ErrorCutShortAnywhere_IsDropped() => Station.Run(station =>
    {
        var quoted = Quoted();
        for (var length = 0; length < Ipv4Header.FixedSize + 8; length++)
            station.Deliver(
                IpProtocol.Icmp, Packets.Icmp(new(IcmpType.DestinationUnreachable, 3, 0), quoted.AsSpan(0, length)));
        Assert.Empty(station.Unreachable);
        Assert.Equal(Ipv4Header.FixedSize + 8, station.IcmpCounters.InForged);
    });

    private static byte[] Quoted() => Packets.Ipv4(
        Sent(), Packets.Udp(s_own, s_peer, [9]));

    private static Ipv4Header Sent() =>
        new() { Source = Station.Own, Destination = Station.Peer, Protocol = IpProtocol.Udp, Ttl = 1 };
}
