namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 791")]
[Trait("Conforms", "RFC 1122")]
public sealed class Ipv4InputTests
{
    private static readonly byte[] s_payload = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(1400)]
    [Trait("Behaviour", "2")]
    public void Padding_IsTrimmed(int padding) => Station.Run(station =>
    {
        station.Deliver([.. Packet(), .. new byte[padding]]);
        Assert.Equal(s_payload, Assert.Single(station.Segments).Payload);
        Assert.Equal(1, station.IpCounters.InDelivers);
    });

    [Fact]
    [Trait("Behaviour", "15")]
    public void HeaderChecksumWrong_IsDroppedSilently() => Station.Run(station =>
    {
        for (var bit = 0; bit < Ipv4Header.FixedSize * 8; bit++)
        {
            var packet = Packet();
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            station.Deliver(packet);
        }

        Assert.Empty(station.Segments);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(160, station.IpCounters.InHdrErrors + station.IpCounters.InTruncatedPkts);
    });

    [Fact]
    [Trait("Behaviour", "16")]
    [Trait("Hostile", "1")]
    [Trait("Hostile", "2")]
    public void ImpossibleVersionOrLengths_AreDropped() => Station.Run(station =>
    {
        var total = Packet().Length;
        for (var version = 0; version < 16; version++)
        {
            for (var words = 0; words < 16; words++)
            {
                if ((version, words) is (4, 5) or (4, 6) or (4, 7))
                    continue; // Of the latter two the payload is read as options: another test.
                var packet = Packet();
                packet[0] = (byte)((version << 4) | words);
                station.Deliver(words == 0 ? packet : Packets.Sum(packet));
            }
        }

        foreach (var length in (int[])[0, 1, 19, total + 1, total + 100, 65535])
        {
            var packet = Packet();
            (packet[2], packet[3]) = ((byte)(length >> 8), (byte)length);
            station.Deliver(Packets.Sum(packet));
        }

        Assert.Empty(station.Segments);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(
            station.IpCounters.InReceives, station.IpCounters.InHdrErrors + station.IpCounters.InTruncatedPkts);
    });

    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("240.0.0.1")]
    [InlineData("10.0.0.2")] // LAND: from this host itself.
    [Trait("Behaviour", "17")]
    [Trait("Hostile", "19")]
    public void SourceThatNoHostHas_IsDropped(string source) => Station.Run(station =>
    {
        station.Deliver(IpProtocol.Tcp, s_payload, header => header with { Source = IpAddress.Parse(source) });
        station.Deliver(IpProtocol.Icmp, Packets.Echo(new(false, 1, 1), s_payload), header =>
            header with { Source = IpAddress.Parse(source) });
        Assert.Empty(station.Segments);
        Assert.Empty(station.Wire.Take());
        Assert.Equal((2, 2), (station.IpCounters.InMartians, station.IpCounters.InAddrErrors));
    });

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.3")]
    [InlineData("10.0.1.255")]
    [InlineData("224.0.0.1")]
    [Trait("Behaviour", "18")]
    public void DestinationElsewhere_IsDropped(string destination) => Station.Run(station =>
    {
        station.Deliver(
            IpProtocol.Tcp, s_payload, header => header with { Destination = IpAddress.Parse(destination) });
        Assert.Empty(station.Segments);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(1, station.IpCounters.InAddrErrors);
    });

    [Fact]
    public void UnicastPacketInABroadcastFrame_IsDropped() => Station.Run(station =>
    {
        station.Deliver(Packet(), MacAddress.Broadcast);
        Assert.Empty(station.Segments);
        Assert.Equal(1, station.IpCounters.InAddrErrors);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Behaviour", "19")]
    public void LastHop_IsDelivered(byte ttl) => Station.Run(station =>
    {
        station.Deliver(IpProtocol.Tcp, s_payload, header => header with { Ttl = ttl, TrafficClass = 0xBA });
        var segment = Assert.Single(station.Segments);
        Assert.Equal((ttl, 2), (segment.Ttl, segment.Ecn));
    });

    [Fact]
    [Trait("Behaviour", "29")]
    public void OptionsWellFormed_AreSkipped() => Station.Run(station =>
    {
        station.Deliver(Packet([0x94, 4, 0, 0]));
        station.Deliver(Packet([1, 1, 1, 0]));
        Assert.Equal([s_payload, s_payload], station.Segments.Select(segment => segment.Payload));
    });

    [Fact]
    [Trait("Behaviour", "29")]
    public void OptionOfImpossibleLength_DrawsAParameterProblemThatPointsAtIt() => Station.Run(station =>
    {
        station.Learn();
        var packet = Packet([1, 1, 0x44, 9]);
        station.Deliver(packet);
        var error = Assert.Single(station.Wire.Take());
        Assert.Equal(new IcmpMessage(IcmpType.ParameterProblem, 0, 23u << 24), error.Icmp);
        Assert.Equal(packet, error.IcmpData);
        Assert.Equal((Station.Own, Station.Peer), (error.Ip.Source, error.Ip.Destination));
        Assert.Empty(station.Segments);
    });

    [Theory]
    [InlineData(131)]
    [InlineData(137)]
    [Trait("Conforms", "RFC 7126")]
    [Trait("Behaviour", "30")]
    [Trait("Hostile", "4")]
    public void SourceRoute_IsRefused(byte kind) => Station.Run(station =>
    {
        station.Learn();
        station.Deliver(Packet([kind, 7, 4, 10, 0, 0, 1, 0]));
        Assert.Empty(station.Segments);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(1, station.IpCounters.InDiscards);
    });

    [Fact]
    [Trait("Behaviour", "22")]
    [Trait("Behaviour", "26")]
    public void FragmentsOfTwoDatagrams_GiveTwoDatagrams() => Station.Run(station =>
    {
        var bytes = Enumerable.Range(0, 3000).Select(value => (byte)(value * 7)).ToArray();
        foreach (var (offset, length) in ((int, int)[])[(2960, 40), (0, 1480), (1480, 1480)])
        {
            station.Deliver(IpProtocol.Tcp, bytes[offset..(offset + length)], header =>
                Fragment(header, 5, offset, offset + length < 3000));
            station.Deliver(IpProtocol.Tcp, bytes[offset..(offset + length)], header =>
                Fragment(header, 6, offset, offset + length < 3000));
        }

        Assert.Equal([bytes, bytes], station.Segments.Select(segment => segment.Payload));
        Assert.Equal(
            (6, 2, 0), (station.IpCounters.ReasmReqds, station.IpCounters.ReasmOKs, station.IpCounters.ReasmFails));
    });

    [Fact]
    public void ReassembledDatagram_IsNotVouchedForByTheDevice() => Station.Run(station =>
    {
        var header =
            new Ipv4Header { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Tcp, Ttl = 1 };
        station.Deliver(Packets.Ipv4(header, s_payload), checksumValid: true);
        station.Deliver(Packets.Ipv4(Fragment(header, 5, 0, true), s_payload.AsSpan(0, 8)), checksumValid: true);
        station.Deliver(Packets.Ipv4(Fragment(header, 5, 8, false), s_payload.AsSpan(8)), checksumValid: true);
        Assert.Equal([true, false], station.Segments.Select(segment => segment.ChecksumValid));
    });

    [Fact]
    [Trait("Behaviour", "25")]
    public void FragmentOfOddLengthWithMoreToCome_IsDropped() => Station.Run(station =>
    {
        station.Deliver(IpProtocol.Tcp, s_payload, header => Fragment(header, 5, 0, true));
        Assert.Equal(1, station.IpCounters.InHdrErrors);
        Assert.Empty(station.Segments);
    });

    [Fact]
    [Trait("Behaviour", "27")]
    public void ReassemblyTimesOut_TheSenderOfTheFirstFragmentIsTold() => Station.Run(async station =>
    {
        station.Learn();
        station.Deliver(IpProtocol.Tcp, [.. s_payload[..8]], header => Fragment(header, 5, 0, true));
        station.Deliver(IpProtocol.Tcp, [.. s_payload[..8]], header => Fragment(header, 6, 8, true));
        await station.Sleep(29.9);
        station.Learn(); // The peer is still there.
        Assert.Equal(0, station.IpCounters.ReasmFails);
        await station.Sleep(0.2);

        var error = Assert.Single(station.Wire.Take(), frame => frame.Ethernet.Type is EtherType.Ipv4);
        Assert.Equal(new IcmpMessage(IcmpType.TimeExceeded, 1, 0), error.Icmp);
        Assert.Equal(0x20, error.IcmpData[6]); // The quoted header is the first fragment's.
        Assert.Equal(s_payload[..8], error.IcmpData[Ipv4Header.FixedSize..]);
        Assert.Equal(2, station.IpCounters.ReasmFails);
    });

    [Fact]
    public void Disconnected_TheLinkGoesOn_NothingIsTakenAndNoTimerBegins() => Station.Run(async station =>
    {
        await Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>.Disconnect(station.Ip);
        station.Deliver(IpProtocol.Tcp, s_payload);
        station.Deliver(IpProtocol.Tcp, [.. s_payload[..8]], header => Fragment(header, 5, 0, true));
        Assert.Empty(station.Segments);
        Assert.Equal(0, station.FragmentMemory);
    });

    [Fact]
    [Trait("Behaviour", "35")]
    [Trait("Hostile", "3")]
    public void UnknownProtocol_DrawsProtocolUnreachableAndIsNotUnpacked() => Station.Run(station =>
    {
        station.Learn();
        var inner = Packet();
        foreach (var protocol in (byte[])[4, 41, 47, 253])
        {
            station.Deliver((IpProtocol)protocol, inner);
            var error = Assert.Single(station.Wire.Take());
            Assert.Equal(new IcmpMessage(IcmpType.DestinationUnreachable, 2, 0), error.Icmp);
        }

        Assert.Empty(station.Segments);
    });

    [Fact]
    [Trait("Hostile", "3")]
    [Trait("Hostile", "6")]
    public void ReassembledTunnelOfAFragment_IsNotTakenApart() => Station.Run(station =>
    {
        station.Learn();
        var header = new Ipv4Header
        {
            Source = Station.Peer,
            Destination = Station.Own,
            Protocol = IpProtocol.Tcp,
            Ttl = 64,
        };
        var inner = Packets.Ipv4(Fragment(header, 9, 0, true), new byte[64]);
        station.Deliver((IpProtocol)4, inner[..48], outer => Fragment(outer, 5, 0, true));
        station.Deliver((IpProtocol)4, inner[48..], outer => Fragment(outer, 5, 48, false));
        Assert.Equal(new IcmpMessage(IcmpType.DestinationUnreachable, 2, 0), Assert.Single(station.Wire.Take()).Icmp);
        Assert.Equal((0, 1), (station.FragmentMemory, station.IpCounters.ReasmOKs));
        Assert.Empty(station.Segments);
    });

    private static Ipv4Header Fragment(Ipv4Header header, ushort id, int offset, bool more) => header with
    {
        Identification = id,
        FragmentOffset = offset,
        Flags = more ? Ipv4Flags.MoreFragments : Ipv4Flags.None,
    };

    private static byte[] Packet(byte[]? options = null) => Packets.Ipv4(
        new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Tcp, Ttl = 64 }, s_payload,
            options ?? []);
}
