using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

using Ip = Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>;

[Trait("Conforms", "RFC 791")]
[Trait("Conforms", "RFC 1122")]
public sealed class Ipv4OutputTests
{
    private static readonly IpAddress s_far = IpAddress.Parse("192.0.2.7");

    [Fact]
    [Trait("Behaviour", "19")]
    public void Packet_HasTheHeaderThatWasAskedFor() => Station.Run(station =>
    {
        station.Learn();
        Assert.Equal(
            WriteStatus.Ok, Write(station, Station.Peer, 100, header => header with { DontFragment = true, Ecn = 2 }));
        Assert.Equal(WriteStatus.Ok, Write(station, Station.Peer, 100, header => header with { Ttl = 3 }));

        var written = station.Wire.Take();
        Assert.All(written, frame => Assert.Equal(Station.PeerMac, frame.Ethernet.Destination));
        Assert.Equal((64, 2, Ipv4Flags.DontFragment, 0, 120),
            (written[0].Ip.Ttl, written[0].Ip.TrafficClass, written[0].Ip.Flags, written[0].Ip.Identification,
                written[0].Ip.TotalLength));
        Assert.Equal((3, Ipv4Flags.None), (written[1].Ip.Ttl, written[1].Ip.Flags));
    });

    [Fact]
    [Trait("Conforms", "RFC 6864")]
    [Trait("Behaviour", "31")]
    public void PacketsThatMayBeFragmented_HaveIdentificationsOfTheirOwn() => Station.Run(station =>
    {
        station.Learn();
        for (var count = 0; count < 1000; count++)
            Write(station, Station.Peer, 10);
        Assert.Equal(1000, station.Wire.Take().Select(frame => frame.Ip.Identification).Distinct().Count());
    });

    [Theory]
    [InlineData("10.0.0.255")]
    [InlineData("255.255.255.255")]
    public void Broadcast_GoesToEveryStationWithoutAsking(string destination) => Station.Run(station =>
    {
        Assert.Equal(WriteStatus.Ok, Write(station, IpAddress.Parse(destination), 10));
        Assert.Equal(MacAddress.Broadcast, Assert.Single(station.Wire.Take()).Ethernet.Destination);
    });

    [Fact]
    public void OtherNetwork_IsReachedThroughTheGateway() => Station.Run(async station =>
    {
        Assert.Equal(WriteStatus.Ok, Write(station, s_far, 10));
        Assert.Equal(Station.Peer, Assert.Single(station.Wire.Take()).Arp.TargetIp);
        station.Answer(Station.Peer);
        await station.Sleep(0.01);
        var frame = Assert.Single(station.Wire.Take());
        Assert.Equal((Station.PeerMac, s_far), (frame.Ethernet.Destination, frame.Ip.Destination));
    }, null, "--ipv4-gateway=10.0.0.1");

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.2")]
    public void NoWayThere_IsSaid(string destination) => Station.Run(station =>
    {
        Assert.Equal(WriteStatus.NoRoute, Write(station, IpAddress.Parse(destination), 10));
        Assert.False(Ip.TryGetSource(station.Ip, IpAddress.Parse(destination), out _));
        Assert.Empty(station.Wire.Take());
        Assert.Equal(1, station.IpCounters.OutNoRoutes);
    });

    [Fact]
    [Trait("Behaviour", "9")]
    public void PacketsToAnUnknownNeighbour_WaitAndGoOnceInOrder() => Station.Run(async station =>
    {
        for (var length = 1; length <= 3; length++)
            Assert.Equal(WriteStatus.Ok, Write(station, Station.Peer, length));
        Assert.Equal(Station.Peer, Assert.Single(station.Wire.Take()).Arp.TargetIp);

        station.Answer(Station.Peer);
        Write(station, Station.Peer, 4); // Before the waiting ones have left.
        await station.Sleep(1);
        Assert.Equal([1, 2, 3, 4], station.Wire.Take().Select(frame => frame.IpPayload.Length));
        Write(station, Station.Peer, 5);
        Assert.Equal([5], station.Wire.Take().Select(frame => frame.IpPayload.Length));
    });

    [Fact]
    [Trait("Behaviour", "9")]
    public void MorePacketsThanMayWait_TheNewestAreKept() => Station.Run(async station =>
    {
        for (var length = 1; length <= PendingPackets.PacketsPerHopMax + 2; length++)
            Write(station, Station.Peer, length);
        station.Answer(Station.Peer);
        await station.Sleep(0.01);
        Assert.Equal(Enumerable.Range(3, PendingPackets.PacketsPerHopMax),
            station.Wire.Take().Skip(1).Select(frame => frame.IpPayload.Length));
        Assert.Equal(2, station.IpCounters.OutDiscards);
    });

    [Fact]
    [Trait("Hostile", "23")]
    public void MoreNeighboursThanMayBeWaitedFor_AreRefused() => Station.Run(station =>
    {
        for (var neighbour = 0u; neighbour < PendingPackets.HopsMax; neighbour++)
            Assert.Equal(WriteStatus.Ok, Write(station, IpAddress.FromV4(0x0A00_0010 + neighbour), 1));
        Assert.Equal(WriteStatus.Full, Write(station, Station.Peer, 1));
        Assert.Equal(1, station.IpCounters.OutDiscards);
    });

    [Fact]
    [Trait("Behaviour", "9")]
    public void NobodyAnswers_PacketsAreDroppedAndTheirSenderIsTold() => Station.Run(async station =>
    {
        station.Deliver(IpProtocol.Tcp, []); // The layer above is known from its first packet on.
        Write(station, Station.Peer, 20);
        Write(station, Station.Peer, 21);
        await station.Sleep(5);

        Assert.Equal(3, station.Wire.Take().Length); // Requests.
        Assert.Equal(2, station.IpCounters.OutDiscards);
        Assert.Equal([20, 21], station.Unreachable.Select(error => error.Transport.Length));
        Assert.All(station.Unreachable, error => Assert.Equal(
            new(Station.Own, Station.Peer, IpProtocol.Tcp, IcmpUnreachable.Host, 0), error.Quotation));
    });

    [Fact]
    public void PacketThatWaited_StillAsksItsDevice() => Station.Run(async station =>
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(new byte[9000]));
        frame.Prepend(20).Fill(7);
        frame.RequestChecksum(16);
        frame.RequestSegmentation(Segmentation.TcpV4, 1460);
        Assert.Equal(WriteStatus.Ok,
            Ip.Write(station.Ip, new(Station.Own, Station.Peer, IpProtocol.Tcp) { DontFragment = true }, ref frame));
        station.Answer(Station.Peer);
        await station.Sleep(0.01);

        var written = station.Wire.Take()[1];
        Assert.Equal((true, 34, 16, Segmentation.TcpV4, 1460),
            (written.NeedsChecksum, written.ChecksumStart, written.ChecksumOffset, written.Segmentation,
                written.SegmentSize));
        Assert.Equal([.. Enumerable.Repeat((byte)7, 20), .. new byte[9000]], written.IpPayload);
    }, new NetworkInfo(TestWire.Mac, 1500) { ChecksumOffload = true, SegmentationLimit = 65535 });

    [Theory]
    [InlineData(1480, 1)]
    [InlineData(1481, 2)]
    [InlineData(2960, 2)]
    [InlineData(65515, 45)]
    [Trait("Behaviour", "81")]
    public void PacketLongerThanTheMtu_IsCutIntoFragmentsThatGiveItBack(int length, int count) => Station.Run(station =>
    {
        station.Learn();
        Assert.Equal(WriteStatus.Ok, Write(station, Station.Peer, length));
        var written = station.Wire.Take();
        Assert.Equal(count, written.Length);
        Assert.All(written, frame => Assert.True(frame.Payload.Length <= 1500));
        Assert.All(written.SkipLast(1), frame => Assert.Equal(0, frame.IpPayload.Length % 8));
        Assert.Single(written.Select(frame => frame.Ip.Identification).Distinct());
        Assert.Equal(Bytes(length), written.SelectMany(frame => frame.IpPayload));

        var reassembly = new IpReassembly();
        var last = FragmentVerdict.Held;
        foreach (var frame in count > 1 ? written.Reverse() : [])
        {
            last = reassembly.HandleFragment(new(Station.Own, Station.Peer, IpProtocol.Tcp, frame.Ip.Identification),
                new() { Payload = new(frame.IpPayload) }, frame.Ip.FragmentOffset,
                    !frame.Ip.Flags.HasFlag(Ipv4Flags.MoreFragments), 0, out _);
        }

        Assert.Equal(count > 1 ? FragmentVerdict.Complete : FragmentVerdict.Held, last);
        Assert.Equal(count > 1 ? count : 0, station.IpCounters.OutFragCreates);
    });

    [Fact]
    public void FragmentedPacket_HasItsChecksumCompletedFirst() => Station.Run(station =>
    {
        station.Learn();
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(Bytes(3000)));
        frame.Prepend(8).Clear();
        frame.RequestChecksum(6);
        Ip.Write(station.Ip, new(Station.Own, Station.Peer, IpProtocol.Udp), ref frame);
        var written = station.Wire.Take();
        Assert.All(written, fragment => Assert.False(fragment.NeedsChecksum));
        Assert.True(InternetChecksum.IsValid([.. written.SelectMany(fragment => fragment.IpPayload)]));
    }, new NetworkInfo(TestWire.Mac, 1500) { ChecksumOffload = true });

    [Theory]
    [InlineData(1480, true, WriteStatus.Ok)]
    [InlineData(1481, true, WriteStatus.TooLong)]
    [InlineData(65515, false, WriteStatus.Ok)]
    [InlineData(65516, false, WriteStatus.TooLong)]
    public void PacketTooLong_IsRefused(int length, bool dontFragment, WriteStatus expected) => Station.Run(station =>
    {
        station.Learn();
        Assert.Equal(
            expected, Write(station, Station.Peer, length, header => header with { DontFragment = dontFragment }));
        Assert.Equal(expected is WriteStatus.Ok, station.Wire.Take().Length > 0);
    });

    [Fact]
    public void Layer_KnowsItsAddressAndItsLink() => Station.Run(station =>
    {
        Assert.Equal([Cidr.Parse("192.168.7.9/16")], Ip.Addresses(station.Ip));
        Assert.True(Ip.IsLocal(station.Ip, IpAddress.Parse("192.168.7.9")));
        Assert.False(Ip.IsLocal(station.Ip, Station.Own));
        Assert.Equal(1280, Ip.Mtu(station.Ip, Station.Peer));
        Assert.True(Ip.TryGetSource(station.Ip, IpAddress.Parse("192.168.200.1"), out var source));
        Assert.Equal(IpAddress.Parse("192.168.7.9"), source);
        Assert.Equal([source], Arp<Ethernet<TestNetwork>>.Addresses(station.Arp));
    }, new NetworkInfo(TestWire.Mac, 1280), "--ipv4=192.168.7.9/16");

    [Theory]
    [InlineData("--ipv4=10.0.0.255/24")]
    [InlineData("--ipv4=fd00::1/64")]
    [InlineData("--ipv4-gateway=10.0.1.1")]
    public void AddressThatCannotBe_IsSaidAtStartUp(string argument)
    {
        using var host = new SimHost();
        Assert.Equal(ExitCode.Unavailable, Booted.TryRun<Station>(host, argument));
        Assert.Contains("--ipv4=10.0.0.2/24", host.ErrorOutput, StringComparison.Ordinal);
    }

    private static WriteStatus Write(
        Station station, IpAddress destination, int length, Func<IpHeader, IpHeader>? with = null)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(Bytes(length)));
        var header = new IpHeader(Station.Own, destination, IpProtocol.Tcp);
        return Ip.Write(station.Ip, with?.Invoke(header) ?? header, ref frame);
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(value => (byte)(value * 13))];
}
