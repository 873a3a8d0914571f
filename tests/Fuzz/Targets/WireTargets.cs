using Mirage.Net;
using Mirage.Testing;
using Mirage.Unix;

namespace Mirage.Fuzz;

/// <summary>A target for each wire type.</summary>
internal static class WireTargets
{
    private const int Ipv4ChecksumOffset = 10;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new WireTarget<EthernetHeader>("ethernet",
            random => new(Mac(random), Mac(random), (EtherType)(0x0600 + random.Next(0xFA00)))),
        new WireTarget<VlanTag>("vlan", random => new(Short(random), (EtherType)Short(random))),
        new WireTarget<ArpPacket>("arp", random => new((ArpOperation)(1 + random.Next(2)),
            Mac(random), V4(random), Mac(random), V4(random))),
        new WireTarget<Ipv4Header>("ipv4", Ipv4, Ipv4ChecksumOffset),
        new WireTarget<IcmpMessage>("icmp", random => new((IcmpType)random.Next(256), (byte)random.Next(256),
            (uint)random.Next()), IcmpMessage.ChecksumOffset),
        new WireTarget<IcmpEcho>("icmp-echo", random => new(random.Next(2) == 0, Short(random), Short(random)),
            IcmpMessage.ChecksumOffset),
        new WireTarget<UdpHeader>("udp", random => new(Short(random), Short(random),
            (ushort)(UdpHeader.FixedSize + random.Next(60_000)), Short(random))),
        // Options that are not known are dropped.
        new WireTarget<TcpHeader>("tcp", Tcp, TcpHeader.ChecksumOffset, isCanonical: false),
        new WireTarget<PcapFileHeader>("pcap-file",
            random => new(1 + random.Next(PcapFileHeader.SnapLengthMax), random.Next(2) == 0)),
        new WireTarget<PcapRecordHeader>("pcap-record", PcapRecord),
        new WireTarget<VnetHeader>("vnet", random => new((byte)random.Next(4), (byte)random.Next(6), Short(random),
            Short(random), Short(random), Short(random))),
    ];

    private static ushort Short(SplitMix64 random) => (ushort)random.Next(0x10000);

    private static MacAddress Mac(SplitMix64 random) => new(random.Next() >> 16);

    private static IpAddress V4(SplitMix64 random) => IpAddress.FromV4((uint)random.Next());

    private static Ipv4Header Ipv4(SplitMix64 random) => new()
    {
        HeaderLength = Ipv4Header.FixedSize + (4 * random.Next(11)),
        TrafficClass = (byte)random.Next(256),
        TotalLength = (ushort)(Ipv4Header.SizeMax + random.Next(60_000)),
        Identification = Short(random),
        Flags = (Ipv4Flags)(random.Next(8) << 13),
        FragmentOffset = random.Next(0x2000) * 8,
        Ttl = (byte)random.Next(256),
        Protocol = (IpProtocol)random.Next(256),
        Source = V4(random),
        Destination = V4(random),
    };

    private static TcpHeader Tcp(SplitMix64 random) => new(Short(random), Short(random), (uint)random.Next(),
        (uint)random.Next(), (TcpFlags)random.Next(256), Short(random))
    {
        UrgentPointer = Short(random),
        Options = new()
        {
            MaximumSegmentSize = random.Next(2) == 0 ? null : Short(random),
            WindowScale = random.Next(2) == 0 ? null : (byte)random.Next(256),
            SackPermitted = random.Next(2) == 0,
            Timestamps = random.Next(2) == 0 ? null : new((uint)random.Next(), (uint)random.Next()),
        },
    };

    private static PcapRecordHeader PcapRecord(SplitMix64 random)
    {
        var captured = random.Next(PcapFileHeader.SnapLengthMax);
        return new((uint)random.Next(), (uint)random.Next(1_000_000_000), captured, captured + Short(random));
    }
}
