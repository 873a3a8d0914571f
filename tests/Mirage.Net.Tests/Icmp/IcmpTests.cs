using Mirage.Testing;

namespace Mirage.Net.Tests;

using Messages = Icmp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

[Trait("Conforms", "RFC 792")]
public sealed class IcmpTests
{
    private static readonly byte[] s_data = [.. Enumerable.Range(0, 57).Select(value => (byte)value)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(57)]
    [InlineData(1472)]
    [Trait("Behaviour", "32")]
    public void EchoRequest_IsAnsweredWithItsNumbersAndData(int length) => Station.Run(station =>
    {
        station.Learn();
        var data = new byte[length];
        new SplitMix64((ulong)length).Fill(data);
        station.Deliver(IpProtocol.Icmp, Packets.Echo(new(false, 0x1234, 0x5678), data));

        var reply = Assert.Single(station.Wire.Take());
        Assert.Equal(new IcmpMessage(IcmpType.EchoReply, 0, 0x12345678), reply.Icmp);
        Assert.Equal(data, reply.IcmpData);
        Assert.Equal((Station.Own, Station.Peer, 64), (reply.Ip.Source, reply.Ip.Destination, reply.Ip.Ttl));
    });

    [Fact]
    [Trait("Behaviour", "32")]
    public void EchoRequestOfSixtyFourKiB_IsAnsweredInFragments() => Station.Run(station =>
    {
        station.Learn();
        var data = new byte[65507];
        var message = Packets.Echo(new(false, 1, 1), data);
        for (var offset = 0; offset < message.Length; offset += 1480)
        {
            var end = Math.Min(offset + 1480, message.Length);
            var at = offset;
            station.Deliver(IpProtocol.Icmp, message[at..end], header => header with
            {
                FragmentOffset = at,
                Flags = end < message.Length ? Ipv4Flags.MoreFragments : Ipv4Flags.None,
            });
        }

        Assert.Equal(message.Length, station.Wire.Take().Sum(frame => frame.IpPayload.Length));
    });

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    [InlineData("224.0.0.1")]
    [Trait("Conforms", "RFC 1122")]
    [Trait("Behaviour", "33")]
    [Trait("Hostile", "20")]
    public void EchoToEveryHost_IsNotAnswered(string destination) => Station.Run(station =>
    {
        station.Learn();
        station.Deliver(IpProtocol.Icmp, Packets.Echo(new(false, 1, 1), s_data), header =>
            header with { Destination = IpAddress.Parse(destination) });
        Assert.Empty(station.Wire.Take());
    });

    [Fact]
    [Trait("Behaviour", "39")]
    public void BadChecksumOrShortMessage_IsDropped() => Station.Run(station =>
    {
        station.Learn();
        var echo = Packets.Echo(new(false, 1, 1), s_data);
        for (var octet = 0; octet < echo.Length; octet++)
        {
            var bad = (byte[])echo.Clone();
            bad[octet] ^= 0x20;
            station.Deliver(IpProtocol.Icmp, bad);
        }

        for (var length = 0; length < IcmpMessage.FixedSize; length++)
            station.Deliver(IpProtocol.Icmp, echo[..length]);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(echo.Length + IcmpMessage.FixedSize, station.IcmpCounters.InErrors);
    });

    [Fact]
    public void EchoSent_GivesTheTimeToItsReply() => Station.Run(async station =>
    {
        station.Learn();
        var echo = Messages.Echo(station.Icmp, Station.Peer, s_data).AsTask();
        var request = Assert.Single(station.Wire.Take());
        Assert.Equal((IcmpType.Echo, s_data.Length), (request.Icmp.Type, request.IcmpData.Length));
        await station.Sleep(0.025);

        Reply(station, request, s_data, rest: request.Icmp.Rest ^ 1); // Another's.
        Reply(station, request, s_data, rest: request.Icmp.Rest ^ 0x10000);
        Reply(station, request, [.. s_data.Reverse()]);
        Reply(station, request, s_data[..^1]);
        Reply(station, request, s_data, IpAddress.Parse("10.0.0.3"));
        Assert.Equal(5, station.IcmpCounters.InIgnored);
        Reply(station, request, s_data);
        Reply(station, request, s_data); // Once more: nobody waits.

        Assert.Equal(TimeSpan.FromMilliseconds(25), (TimeSpan)await echo);
        Assert.Equal((1, 6), (station.IcmpCounters.InEchoReps, station.IcmpCounters.InIgnored));
    });

    [Fact]
    public void EchoesUnderWay_AreToldApart() => Station.Run(async station =>
    {
        station.Learn();
        var first = Messages.Echo(station.Icmp, Station.Peer, s_data).AsTask();
        var second = Messages.Echo(station.Icmp, Station.Peer, s_data).AsTask();
        var requests = station.Wire.Take();
        await station.Sleep(1);
        Reply(station, requests[1], s_data);
        await station.Sleep(1);
        Reply(station, requests[0], s_data);
        Assert.Equal((2, 1), (((TimeSpan)await first).Seconds, ((TimeSpan)await second).Seconds));
    });

    [Fact]
    public void EchoThatNobodyAnswers_WaitsUntilItIsCancelled() => Station.Run(async station =>
    {
        station.Learn();
        using var cancellation = new CancellationTokenSource();
        var echo = Messages.Echo(station.Icmp, Station.Peer, s_data, cancellation.Token).AsTask();
        var request = Assert.Single(station.Wire.Take());
        await station.Sleep(2);
        Assert.False(echo.IsCompleted);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => echo);
        Reply(station, request, s_data);
        Assert.Equal(1, station.IcmpCounters.InIgnored);
    });

    [Fact]
    public void EchoThatCannotBeSent_IsSaid() => Station.Run(async station =>
    {
        station.Learn();
        var far = IpAddress.Parse("192.0.2.1");
        Assert.Equal(new IcmpError.NoRoute(far), (IcmpError)await Messages.Echo(station.Icmp, far, s_data));
        station.Wire.Status = WriteStatus.Full;
        Assert.Equal(new IcmpError.NotSent(WriteStatus.Full),
            (IcmpError)await Messages.Echo(station.Icmp, Station.Peer, s_data));
        Assert.Equal(new IcmpError.NotSent(WriteStatus.TooLong),
            (IcmpError)await Messages.Echo(station.Icmp, Station.Peer, new byte[65508]));
    });

    [Fact]
    public void MoreEchoesThanTheLimit_AreRefused() => Station.Run(async station =>
    {
        station.Learn();
        for (var count = 0; count < IcmpEchoMachine.RequestsMax; count++)
            _ = Messages.Echo(station.Icmp, Station.Peer, s_data).AsTask();
        Assert.Equal(new IcmpError.NotSent(WriteStatus.Full),
            (IcmpError)await Messages.Echo(station.Icmp, Station.Peer, s_data));
    });

    private static void Reply(
        Station station, WrittenFrame request, byte[] data, IpAddress? source = null, uint? rest = null) =>
        station.Deliver(IpProtocol.Icmp, Packets.Icmp(new(IcmpType.EchoReply, 0, rest ?? request.Icmp.Rest), data),
            header => header with { Source = source ?? Station.Peer });
}
