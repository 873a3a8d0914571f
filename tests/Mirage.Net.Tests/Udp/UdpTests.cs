using System.Buffers;
using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

[Trait("Conforms", "RFC 768")]
public sealed class UdpTests
{
    private static readonly Endpoint s_own = new(Station.Own, 7);
    private static readonly Endpoint s_peer = new(Station.Peer, 4000);

    [Theory]
    [InlineData(0)] // Behaviour 82: nothing is something.
    [InlineData(1)]
    [InlineData(1472)]
    [Trait("Behaviour", "82")]
    public void Datagram_IsHandedToItsPort(int length) => Run((station, taken) =>
    {
        var bytes = Enumerable.Range(0, length).Select(value => (byte)value).ToArray();
        station.Deliver(IpProtocol.Udp, Packets.Udp(s_peer, s_own, bytes));
        station.Deliver(IpProtocol.Udp, Packets.Udp(s_peer, s_own, bytes, hasChecksum: false));
        Assert.Equal([(s_peer, s_own, Hex(bytes)), (s_peer, s_own, Hex(bytes))], taken);
        Assert.Equal(2, station.UdpCounters.InDatagrams);
    });

    [Fact]
    [Trait("Conforms", "RFC 1122")]
    [Trait("Behaviour", "76")]
    public void BadChecksum_IsDroppedAndDrawsNothing() => Run((station, taken) =>
    {
        var datagram = Packets.Udp(s_peer, s_own, [1, 2, 3, 4, 5]);
        for (var octet = 0; octet < datagram.Length; octet++)
        {
            if (octet is 4 or 5)
                continue; // The length: another test.
            var bad = (byte[])datagram.Clone();
            bad[octet] ^= 4;
            station.Deliver(IpProtocol.Udp, bad);
        }

        Assert.Empty(taken);
        Assert.Empty(station.Wire.Take());
        Assert.Equal((11, 11), (station.UdpCounters.InCsumErrors, station.UdpCounters.InErrors));
    });

    [Fact]
    public void ChecksumThatTheDeviceVouchesFor_IsNotVerified() => Run((station, taken) =>
    {
        var datagram = Packets.Udp(s_peer, s_own, [1, 2, 3]);
        datagram[6] ^= 1;
        var packet = Packets.Ipv4(
            new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp }, datagram);
        station.Deliver(packet, checksumValid: true);
        Assert.Single(taken);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(65535)]
    [Trait("Behaviour", "75")]
    [Trait("Hostile", "1")]
    [Trait("Hostile", "2")]
    public void ImpossibleLength_IsDropped(ushort length) => Run((station, taken) =>
    {
        var datagram = Packets.Udp(s_peer, s_own, [1, 2, 3, 4, 5], hasChecksum: false);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), length);
        station.Deliver(IpProtocol.Udp, datagram);
        for (var size = 0; size < UdpHeader.FixedSize; size++)
            station.Deliver(IpProtocol.Udp, datagram[..size]);
        Assert.Empty(taken);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(9, station.UdpCounters.InErrors);
    });

    [Fact]
    [Trait("Behaviour", "75")]
    public void LengthShorterThanThePayload_Trims() => Run((station, taken) =>
    {
        station.Deliver(IpProtocol.Udp, [.. Packets.Udp(s_peer, s_own, [1, 2, 3]), 9, 9, 9]);
        Assert.Equal(["010203"], taken.Select(datagram => datagram.Payload));
    });

    [Theory]
    [InlineData("255.255.255.255", 1)]
    [InlineData("10.0.0.255", 1)]
    [InlineData("10.0.1.255", 0)]
    [Trait("Conforms", "RFC 919")]
    [Trait("Behaviour", "40")]
    public void Broadcast_IsTakenOnTheNetworkThatItBelongsTo(string destination, int count) => Run((station, taken) =>
    {
        var to = new Endpoint(IpAddress.Parse(destination), 7);
        var packet = Packets.Ipv4(
            new() { Source = Station.Peer, Destination = to.Address, Protocol = IpProtocol.Udp },
                Packets.Udp(s_peer, to, [1]));
        station.Deliver(packet, MacAddress.Broadcast);
        Assert.Equal(count, taken.Count);
        Assert.All(taken, datagram => Assert.Equal(to, datagram.Destination));
    });

    [Fact]
    public void DatagramsThatTheDeviceMerged_AreTakenApart() => Run((station, taken) =>
    {
        var packet = Packets.Ipv4(new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp },
            Packets.Udp(s_peer, s_own, [1, 2, 3, 4, 5, 6, 7]));
        station.Deliver(packet, checksumValid: true, segmentSize: 3);
        station.Deliver(packet, checksumValid: true, segmentSize: 7);
        Assert.Equal(["010203", "040506", "07", "01020304050607"], taken.Select(datagram => datagram.Payload));
        Assert.Equal(4, station.UdpCounters.InDatagrams);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1472)]
    [Trait("Behaviour", "74")]
    [Trait("Behaviour", "82")]
    public void Write_SendsADatagramWithAChecksum(int length) => Run((station, taken) =>
    {
        var port = Bind(station, 9);
        var payload = Sequence.Of(new byte[length / 3], new byte[length - (length / 3)]);
        Assert.Equal(Unit.Default, Datagrams.Write(station.Udp, port, s_peer, payload));
        var frame = Assert.Single(station.Wire.Take());
        Assert.Equal(ParseStatus.Ok, UdpHeader.Parse(frame.IpPayload, out var header));
        Assert.Equal((9, 4000, 8 + length), (header.SourcePort, header.DestinationPort, header.Length));
        Assert.NotEqual(0, header.Checksum);
        Assert.True(InternetChecksum.IsValid(frame.IpPayload,
            InternetChecksum.PseudoHeader(Station.Own, Station.Peer, IpProtocol.Udp, frame.IpPayload.Length)));
        Assert.False(frame.NeedsChecksum);
    });

    [Fact]
    [Trait("Behaviour", "74")]
    public void SumOfZero_IsSentAsAllOnes() => Run((station, taken) =>
    {
        var port = Bind(station, 9);
        var payload = new byte[2];
        var sum = InternetChecksum.PseudoHeader(Station.Own, Station.Peer, IpProtocol.Udp, 10) + 9 + 4000 + 10;
        // The payload makes the sum all ones.
        BinaryPrimitives.WriteUInt16BigEndian(payload, InternetChecksum.Finish(sum));
        Datagrams.Write(station.Udp, port, s_peer, new(payload));
        Assert.Equal([0xFF, 0xFF], Assert.Single(station.Wire.Take()).IpPayload[6..8]);
    });

    [Fact]
    public void DeviceThatSums_IsAskedTo() => Run((station, taken) =>
    {
        Datagrams.Write(station.Udp, Bind(station, 9), s_peer, new(new byte[5]));
        var frame = Assert.Single(station.Wire.Take());
        Assert.Equal((true, 34, 6), (frame.NeedsChecksum, frame.ChecksumStart, frame.ChecksumOffset));
        var sum = InternetChecksum.PseudoHeader(Station.Own, Station.Peer, IpProtocol.Udp, 13);
        Assert.Equal(InternetChecksum.Fold(sum), BinaryPrimitives.ReadUInt16BigEndian(frame.IpPayload.AsSpan(6)));
    }, new NetworkInfo(TestWire.Mac, 1500) { ChecksumOffload = true });

    [Fact]
    [Trait("Behaviour", "81")]
    public void Write_BeyondTheLongestDatagram_IsRefused() => Run((station, taken) =>
    {
        var port = Bind(station, 9);
        Assert.Equal(
            new UdpError.TooLong(65508), (UdpError)Datagrams.Write(station.Udp, port, s_peer, new(new byte[65508])));
        Assert.Empty(station.Wire.Take());
        Assert.True(Datagrams.Write(station.Udp, port, s_peer, new(new byte[65507])).IsRight);
        var fragments = station.Wire.Take();
        Assert.Equal(65515, fragments.Sum(frame => frame.IpPayload.Length));
        Assert.True(InternetChecksum.IsValid([.. fragments.SelectMany(frame => frame.IpPayload)],
            InternetChecksum.PseudoHeader(Station.Own, Station.Peer, IpProtocol.Udp, 65515)));
    });

    [Fact]
    public void Write_ThatHasNoWay_IsSaid_ThatIsLost_IsNot() => Run((station, taken) =>
    {
        var port = Bind(station, 9);
        var far = IpAddress.Parse("192.0.2.1");
        Assert.Equal(new UdpError.NoRoute(far), (UdpError)Datagrams.Write(station.Udp, port, new(far, 1), default));
        station.Wire.Status = WriteStatus.Full;
        Assert.True(Datagrams.Write(station.Udp, port, s_peer, default).IsRight);
        station.Wire.Status = WriteStatus.Disconnected;
        Assert.Equal(new UdpError.Closed(), (UdpError)Datagrams.Write(station.Udp, port, s_peer, default));
    });

    [Fact]
    public void ErrorAboutADatagram_IsCountedForABoundPort() => Run((station, taken) =>
    {
        foreach (var port in (ushort[])[7, 8])
        {
            var quoted =
                Packets.Ipv4(new() { Source = Station.Own, Destination = Station.Peer, Protocol = IpProtocol.Udp },
                Packets.Udp(new(Station.Own, port), s_peer, []));
            station.Deliver(IpProtocol.Icmp, Packets.Icmp(new(IcmpType.DestinationUnreachable, 3, 0), quoted));
        }

        Assert.Equal(1, station.UdpCounters.InUnreachable);
    });

    [Fact]
    public void DatagramInAndOut_AllocatesNothing() => Run((station, taken) =>
    {
        station.Wire.IsRecording = false;
        var port = Bind(station, 9, new Answerer(station, new UdpPort[1]), out var answerer);
        answerer.Port[0] = port;
        var frame = Packets.Frame(TestWire.Mac, Station.PeerMac, EtherType.Ipv4, Packets.Ipv4(
            new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp },
                Packets.Udp(s_peer, new(Station.Own, 9), new byte[100])));
        for (var round = 0; round < 100; round++)
            station.Wire.Deliver(frame);

        var written = station.Wire.WrittenCount;
        var allocated = long.MaxValue;
        for (var window = 0; window < 5; window++)
        {
            // The least of several: a collection for another test ends the piece that this thread allocates from.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 200; round++)
                station.Wire.Deliver(frame);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(1000, station.Wire.WrittenCount - written);
        Assert.Equal(0, allocated);
    });

    private static UdpPort Bind(Station station, ushort port) =>
        (UdpPort)Datagrams.Bind(station.Udp, port, new Sink([]));

    private static UdpPort Bind(Station station, ushort port, Answerer handler, out Answerer same)
    {
        same = handler;
        return (UdpPort)Datagrams.Bind(station.Udp, port, handler);
    }

    private static void Run(Action<Station, List<(Endpoint Source, Endpoint Destination, string Payload)>> body,
        NetworkInfo? info = null) =>
        Station.Run(station =>
        {
            station.Learn();
            var taken = new List<(Endpoint Source, Endpoint Destination, string Payload)>();
            Assert.True(Datagrams.Bind(station.Udp, s_own.Port, new Sink(taken)).IsRight);
            body(station, taken);
        }, info);

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private readonly struct Sink(List<(Endpoint Source, Endpoint Destination, string Payload)> taken) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            taken.Add((source, destination, Convert.ToHexString(payload)));

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }

    private readonly struct Answerer(Station station, UdpPort[] port) : IDatagramHandler
    {
        private static readonly byte[] s_answer = new byte[50];

        public UdpPort[] Port { get; } = port;

        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            Datagrams.Write(station.Udp, Port[0], source, new ReadOnlySequence<byte>(s_answer));

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
