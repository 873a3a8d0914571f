using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

/// <summary>Frames of every kind, cut at every byte and changed at random: nothing is thrown, and no table passes its
/// limit.</summary>
[Trait("Hostile", "1")]
[Trait("Hostile", "2")]
public sealed class HostileFrameTests
{
    public static TheoryData<string> Kinds => [.. Seeds().Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FrameCutAtEveryByte_IsTakenOrDropped(string kind) => Run(station =>
    {
        var frame = Seeds()[kind];
        for (var length = 0; length <= frame.Length; length++)
        {
            station.Wire.Deliver(frame.AsMemory(0, length));
            station.Wire.Deliver(Mend(frame[..length]));
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryOctetAtItsExtremes_IsTakenOrDropped(string kind) => Run(station =>
    {
        var frame = Seeds()[kind];
        for (var at = 0; at < frame.Length; at++)
        {
            foreach (var value in (int[])[0, 1, 0x7F, 0x80, 0xFF, frame[at] - 1, frame[at] + 1])
            {
                var bad = (byte[])frame.Clone();
                bad[at] = (byte)value;
                station.Wire.Deliver(bad);
                station.Wire.Deliver(Mend(bad));
            }
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Hostile", "5")]
    [Trait("Hostile", "7")]
    [Trait("Hostile", "23")]
    public void FramesChangedAtRandom_AreTakenOrDropped(ulong seed) => Run(async station =>
    {
        var random = new SplitMix64(seed);
        byte[][] seeds = [.. Seeds().Values];
        for (var round = 0; round < 30_000; round++)
        {
            var frame = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (var edits = random.Next(6); edits > 0; edits--)
                frame[random.Next(frame.Length)] = (byte)random.Next();
            var length = random.Next(4) == 0 ? random.Next(frame.Length + 1) : frame.Length;
            frame = frame[..length];
            var segmentSize = (ushort)(random.Next(16) == 0 ? random.Next(9) : 0);
            station.Wire.Deliver(random.Next(8) == 0 ? frame : Mend(frame), random.Next(8) == 0, segmentSize);
            if (round % 1000 == 0)
                await station.Sleep(random.Next(20));
        }

        // The mutations reach every layer.
        Assert.True(station.UdpCounters is { InDatagrams: > 0, InErrors: > 0, NoPorts: > 0 });
        Assert.True(station.IcmpCounters is { InEchos: > 0, InErrors: > 0, InUnreachable: > 0, InForged: > 0 });
        Assert.True(station.IpCounters is { InHdrErrors: > 0, InMartians: > 0, ReasmFails: > 0 });
    });

    [Fact]
    [Trait("Hostile", "7")]
    [Trait("Behaviour", "28")]
    public void FragmentsOfManyForgedSenders_StayWithinTheCap() => Run(station =>
    {
        var random = new SplitMix64(5);
        var payload = new byte[1480];
        for (var round = 0; round < 20_000; round++)
        {
            station.Deliver(IpProtocol.Udp, payload, header => header with
            {
                Source = IpAddress.FromV4(0x0B00_0000 + (uint)random.Next(0x10000)),
                Identification = (ushort)random.Next(),
                FragmentOffset = random.Next(40) * 8,
                Flags = Ipv4Flags.MoreFragments,
            });
        }
    });

    // Makes lengths and checksums fit what was changed, as far as that is possible, so that it gets past the first
    // check.
    private static byte[] Mend(byte[] frame)
    {
        frame = (byte[])frame.Clone();
        if (frame.Length < 34 || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) != (ushort)EtherType.Ipv4)
            return frame;
        var packet = frame.AsSpan(EthernetHeader.FixedSize);
        var headerLength = (packet[0] & 0xF) * 4;
        if (headerLength < Ipv4Header.FixedSize || headerLength + 8 > packet.Length)
            return frame;

        if (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) > packet.Length)
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet.Slice(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet[..headerLength]));
        var end = Math.Clamp(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), headerLength + 8, packet.Length);
        var transport = packet[headerLength..end];
        if (packet[9] == (byte)IpProtocol.Udp)
            transport[6] = transport[7] = 0;
        if (packet[9] == (byte)IpProtocol.Icmp)
        {
            transport[2] = transport[3] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(transport[2..], InternetChecksum.Compute(transport));
        }

        return frame;
    }

    private static Dictionary<string, byte[]> Seeds()
    {
        var (own, peer) = (new Endpoint(Station.Own, 7), new Endpoint(Station.Peer, 4000));
        var arp = new byte[ArpPacket.FixedSize];
        new ArpPacket(ArpOperation.Request, Station.PeerMac, Station.Peer, default, Station.Own).Emit(arp);
        var header = new Ipv4Header { Source = Station.Peer, Destination = Station.Own, Ttl = 64 };
        var udp = Packets.Udp(peer, own, new byte[40]);
        var quoted = Packets.Ipv4(
            header with { Source = Station.Own, Destination = Station.Peer, Protocol = IpProtocol.Udp }, udp);
        var fragment = header with { Protocol = IpProtocol.Udp, FragmentOffset = 8, Flags = Ipv4Flags.MoreFragments };
        return new()
        {
            ["Arp"] = Packets.Frame(MacAddress.Broadcast, Station.PeerMac, EtherType.Arp, arp),
            ["Udp"] = Frame(header with { Protocol = IpProtocol.Udp }, udp),
            ["UdpToClosedPort"] =
                Frame(header with { Protocol = IpProtocol.Udp }, Packets.Udp(peer, own with { Port = 9 }, new byte[9])),
            ["Echo"] = Frame(header with { Protocol = IpProtocol.Icmp }, Packets.Echo(new(false, 1, 2), new byte[21])),
            ["Error"] = Frame(header with { Protocol = IpProtocol.Icmp },
                Packets.Icmp(new(IcmpType.DestinationUnreachable, 4, 1400), quoted)),
            ["Other"] = Frame(header with { Protocol = (IpProtocol)47 }, new byte[30]),
            ["Fragment"] = Frame(fragment, new byte[48]),
            ["Options"] = Frame(
                header with { Protocol = IpProtocol.Udp }, udp, [0x94, 4, 0, 0, 7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ["Tagged"] = Packets.Frame(TestWire.Mac, Station.PeerMac, VlanTag.EtherType,
                [0, 0, 8, 0, .. Packets.Ipv4(header with { Protocol = IpProtocol.Udp }, udp)]),
        };
    }

    private static byte[] Frame(Ipv4Header header, byte[] payload, byte[]? options = null) =>
        Packets.Frame(TestWire.Mac, Station.PeerMac, EtherType.Ipv4, Packets.Ipv4(header, payload, options ?? []));

    private static void Run(Action<Station> body) => Run(station =>
    {
        body(station);
        return ValueTask.CompletedTask;
    });

    private static void Run(Func<Station, ValueTask> body) => Station.Run(async station =>
    {
        Assert.True(Datagrams.Bind(station.Udp, 7, default(Sink)).IsRight);
        await body(station);
        Assert.True(station.FragmentMemory <= IpReassembly.MemoryMax);
        Assert.True(station.NeighbourCount <= ArpTable.EntriesMax);

        // What is well-formed is still served.
        await station.Sleep(120);
        Assert.Equal(0, station.FragmentMemory);
        station.Learn();
        station.Deliver(IpProtocol.Icmp, Packets.Echo(new(false, 3, 4), [5]));
        Assert.Equal(IcmpType.EchoReply, station.Wire.Take()[^1].Icmp.Type);
    });

    private readonly struct Sink : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
