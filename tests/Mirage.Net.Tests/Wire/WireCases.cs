using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Net.Tests;

/// <summary>A generator for each wire type of Mirage.Net, for <see cref="WireCase.CheckRoundTrip"/>.</summary>
internal static class WireCases
{
    private static Gen<ulong> Word => ArbMap.Default.GeneratorFor<ulong>();

    private static Gen<ushort> Short => Gen.Choose(0, 0xFFFF).Select(value => (ushort)value);

    private static Gen<byte> Octet => Gen.Choose(0, 0xFF).Select(value => (byte)value);

    private static Gen<MacAddress> Mac => Word.Select(value => new MacAddress((value * 0x9E3779B97F4A7C15) >> 16));

    private static Gen<IpAddress> V4 =>
        Word.Select(value => IpAddress.FromV4((uint)((value * 0x9E3779B97F4A7C15) >> 32)));

    private static Gen<EthernetHeader> EthernetHeaders =>
        from destination in Mac
        from source in Mac
        from type in Gen.Choose(0x0600, 0xFFFF)
        select new EthernetHeader(destination, source, (EtherType)type);

    private static Gen<VlanTag> VlanTags =>
        from control in Short
        from type in Short
        select new VlanTag(control, (EtherType)type);

    private static Gen<ArpPacket> ArpPackets =>
        from operation in Gen.Choose(1, 2)
        from senderMac in Mac
        from senderIp in V4
        from targetMac in Mac
        from targetIp in V4
        select new ArpPacket((ArpOperation)operation, senderMac, senderIp, targetMac, targetIp);

    private static Gen<Ipv4Header> Ipv4Headers =>
        from traffic in Octet
        from length in Gen.Choose(Ipv4Header.FixedSize, Ipv4Header.PacketMax)
        from identification in Short
        from flags in Gen.Choose(0, 7)
        from offset in Gen.Choose(0, 0x1FFF)
        from ttl in Octet
        from protocol in Octet
        from source in V4
        from destination in V4
        select new Ipv4Header
        {
            TrafficClass = traffic,
            TotalLength = (ushort)length,
            Identification = identification,
            Flags = (Ipv4Flags)(flags << 13),
            FragmentOffset = offset * 8,
            Ttl = ttl,
            Protocol = (IpProtocol)protocol,
            Source = source,
            Destination = destination,
        };

    private static Gen<UdpHeader> UdpHeaders =>
        from source in Short
        from destination in Short
        from length in Gen.Choose(UdpHeader.FixedSize, 0xFFFF)
        from checksum in Short
        select new UdpHeader(source, destination, (ushort)length, checksum);

    private static Gen<IcmpMessage> IcmpMessages =>
        from type in Octet
        from code in Octet
        from rest in Word
        select new IcmpMessage((IcmpType)type, code, (uint)rest);

    private static Gen<IgmpMessage> IgmpMessages =>
        from type in Octet
        from code in Octet
        from rest in Word
        select new IgmpMessage((IgmpType)type, code, (uint)rest);

    private static Gen<IgmpRecord> IgmpRecords =>
        from type in Octet
        from groupAddress in V4
        select new IgmpRecord((IgmpRecordType)type, groupAddress);

    private static Gen<IcmpEcho> IcmpEchoes =>
        from isReply in Gen.Elements(true, false)
        from identifier in Short
        from sequence in Short
        select new IcmpEcho(isReply, identifier, sequence);

    private static Gen<TcpHeader> TcpHeaders =>
        from ports in Gen.Zip(Short, Short)
        from numbers in Gen.Zip(Word, Word)
        from flags in Gen.Choose(0, 0x1FF)
        from window in Gen.Zip(Short, Short)
        from options in Gen.Choose(0, 63)
        from mss in Short
        from counters in Gen.Zip(Word, Word)
        from scale in Octet
        select new TcpHeader(
            ports.Item1, ports.Item2, (uint)numbers.Item1, (uint)numbers.Item2, (TcpFlags)flags, window.Item1)
        {
            UrgentPointer = window.Item2,
            Options = new()
            {
                MaximumSegmentSize = (options & 1) == 0 ? null : mss,
                WindowScale = (options & 2) == 0 ? null : scale,
                SackPermitted = (options & 4) == 0,
                AccurateEcn = (options & 8) == 0 ? null : Counters(options >> 4, counters.Item1, counters.Item2),
            },
        };

    // What is absent is zero.
    private static TcpAccurateEcnOption Counters(int fields, ulong first, ulong second) =>
        new(fields > 0 ? (uint)first & 0xFF_FFFF : 0, fields > 1 ? (uint)second & 0xFF_FFFF : 0,
            fields > 2 ? (uint)(second >> 24) & 0xFF_FFFF : 0)
        {
            Fields = fields,
        };

    private static Gen<PcapFileHeader> PcapFileHeaders =>
        from length in Gen.Choose(1, PcapFileHeader.SnapLengthMax)
        from nanoseconds in Gen.Elements(true, false)
        select new PcapFileHeader(length, nanoseconds);

    private static Gen<PcapRecordHeader> PcapRecordHeaders =>
        from seconds in Word
        from fraction in Gen.Choose(0, 999_999_999)
        from captured in Gen.Choose(0, PcapFileHeader.SnapLengthMax)
        from cut in Short
        select new PcapRecordHeader((uint)seconds, (uint)fraction, captured, captured + cut);

    public static IReadOnlyList<WireCase> All { get; } =
    [
        WireCase.Of(EthernetHeaders),
        WireCase.Of(VlanTags),
        WireCase.Of(ArpPackets),
        WireCase.Of(Ipv4Headers, checksumOffset: 10),
        WireCase.Of(UdpHeaders),
        WireCase.Of(IcmpMessages, IcmpMessage.ChecksumOffset),
        WireCase.Of(IcmpEchoes, IcmpMessage.ChecksumOffset),
        WireCase.Of(IgmpMessages, IgmpMessage.ChecksumOffset),
        WireCase.Of(IgmpRecords),
        // Options that are not known are dropped.
        WireCase.Of(TcpHeaders, TcpHeader.ChecksumOffset, isCanonical: false),
        WireCase.Of(PcapFileHeaders),
        WireCase.Of(PcapRecordHeaders),
    ];
}
