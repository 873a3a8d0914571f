using FsCheck.Xunit;

namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

[Trait("Behaviour", "162")]
public sealed class UdpSegmentTests
{
    private static readonly Endpoint s_peer = new(Station.Peer, 4000);
    private static readonly NetworkInfo s_plain = new(TestWire.Mac, 1500);
    private static readonly NetworkInfo s_cuts = s_plain with { ChecksumOffload = true, UdpSegmentationLimit = 65_535 };

    [Theory]
    [InlineData(3000, 1000, 1)]
    [InlineData(3001, 1000, 1)]
    [InlineData(1000, 1000, 1)]
    [InlineData(0, 1000, 1)]
    [InlineData(128, 1, 1)]
    [InlineData(129, 1, 2)]
    [InlineData(65 * 1000, 1000, 1)]
    [InlineData(66 * 1000, 1000, 2)] // 65,535 bytes with the headers.
    public void DeviceThatCuts_GetsAsFewFramesAsItTakes(int length, int size, int frames) => Run(s_cuts, station =>
    {
        Write(station, length, size);
        var written = station.Wire.Take();
        Assert.Equal(frames, written.Length);
        Assert.Equal(length, written.Sum(static frame => frame.IpPayload.Length - UdpHeader.FixedSize));
        Assert.Equal(Math.Max(1, (length + size - 1) / size), station.UdpCounters.OutDatagrams);
        foreach (var frame in written)
        {
            var payload = frame.IpPayload.Length - UdpHeader.FixedSize;
            Assert.True(frame.NeedsChecksum);
            Assert.Equal(
                payload > size ? (Segmentation.Udp, size) : (Segmentation.None, 0),
                (frame.Segmentation, frame.SegmentSize));
            // What cuts the frame takes this length out of the sum and its own in.
            Assert.Equal(ParseStatus.Ok, UdpHeader.Parse(frame.IpPayload, out var header));
            Assert.Equal(frame.IpPayload.Length, header.Length);
            var sum = InternetChecksum.PseudoHeader(Station.Own, Station.Peer, IpProtocol.Udp, header.Length);
            Assert.Equal(InternetChecksum.Fold(sum), header.Checksum);
        }
    });

    [Fact]
    public void DeviceThatCutsNone_GetsEachDatagram() => Run(s_plain, station =>
    {
        Write(station, 2500, 1000);
        var lengths = station.Wire.Take().Select(static frame => frame.IpPayload.Length - UdpHeader.FixedSize);
        Assert.Equal([1000, 1000, 500], lengths);
    });

    [Fact]
    public void DatagramsThatMustBeFragmented_GoOneByOne() => Run(s_cuts, station =>
    {
        Write(station, 3000, 1473);
        Assert.All(station.Wire.Take(), static frame => Assert.Equal(Segmentation.None, frame.Segmentation));
        Write(station, 2944, 1472);
        Assert.Equal(Segmentation.Udp, Assert.Single(station.Wire.Take()).Segmentation);
    });

    [Fact]
    public void DatagramThatCannotBeSent_EndsIt() => Run(s_plain, station =>
    {
        var port = Bind(station, new BindOptions { DontFragment = true });
        Assert.Equal(new UdpError.TooLong(1473),
            Datagrams.WriteSegments(station.Udp, port, s_peer, new(new byte[1473 + 10]), 1473).Error());
        Assert.Empty(station.Wire.Take());
        port.Dispose();
        Assert.Equal(new UdpError.Closed(),
            Datagrams.WriteSegments(station.Udp, port, s_peer, new(new byte[10]), 2).Error());
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            Datagrams.WriteSegments(station.Udp, port, s_peer, default, 0);
        });
    });

    [Theory]
    [Trait("Hostile", "40")]
    [InlineData(1024, 1024)]
    [InlineData(1025, 0)] // A datagram a byte is what only a hostile neighbour makes of a frame.
    public void MergedFrame_OfMoreDatagramsThanTheLimit_IsDropped(int length, int delivered) => Run(s_cuts, station =>
    {
        var received = new List<byte[]>();
        Datagrams.Bind(station.Udp, 9, new Keeper(received)).Value();
        var packet = Packets.Ipv4(
            new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp, Ttl = 64 },
            Packets.Udp(s_peer, new(Station.Own, 9), new byte[length]));
        station.Deliver(packet, checksumValid: true, segmentSize: 1);
        Assert.Equal(delivered, received.Count);
        Assert.Equal(delivered == 0 ? 1 : 0, station.UdpCounters.InErrors);
        Assert.Empty(station.Wire.Take());
    });

    /// <summary>What one stack merges, another takes apart: the datagrams are those of a link that merges
    /// none.</summary>
    [Property(MaxTest = 60)]
    public void MergedAndTakenApart_AreTheDatagramsThatWereSent(uint length, uint size)
    {
        var (bytes, segment) = ((int)(length % 70_000), 1 + (int)(size % 2000));
        var sent = new byte[bytes];
        new Random(bytes ^ segment).NextBytes(sent);
        var received = new List<byte[]>();
        Run(s_cuts, station =>
        {
            var port = Bind(station, default);
            Datagrams.WriteSegments(station.Udp, port, s_peer, new(sent), segment).Value();
            var frames = station.Wire.Take();
            port.Dispose();
            Datagrams.Bind(station.Udp, s_peer.Port, new Keeper(received)).Value();
            foreach (var frame in frames.Where(static frame => !frame.Ip.IsFragment))
            {
                var image = Packets.Ipv4(
                    new() { Source = Station.Peer, Destination = Station.Own, Protocol = IpProtocol.Udp, Ttl = 64 },
                    frame.IpPayload);
                station.Deliver(image, checksumValid: true, segmentSize: (ushort)frame.SegmentSize);
            }
        });
        if (segment > 1472)
            return; // Fragments are another test's.
        byte[][] expected = bytes == 0 ? [[]] : [.. sent.Chunk(segment)];
        Assert.Equal(expected, received);
    }

    private static void Run(NetworkInfo info, Action<Station> body) => Station.Run(station =>
    {
        station.Learn();
        body(station);
    }, info);

    private static UdpPort Bind(Station station, BindOptions options) =>
        Datagrams.Bind(station.Udp, 9, new Keeper([]), options).Value();

    private static void Write(Station station, int length, int size)
    {
        using var port = Bind(station, default);
        Datagrams.WriteSegments(station.Udp, port, s_peer, new(new byte[length]), size).Value();
    }

    private readonly struct Keeper(List<byte[]> received) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            received.Add(payload.ToArray());

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
