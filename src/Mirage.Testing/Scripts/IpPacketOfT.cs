using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A packet over IPv4, and the fields of its IP header, RFC 791 section 3.1.</summary>
/// <typeparam name="TSelf">The kind of packet.</typeparam>
public abstract record IpPacket<TSelf> : Packet where TSelf : IpPacket<TSelf>
{
    private const int TtlDefault = 64;

    private protected IpPacket() { }

    private protected abstract IpProtocol Protocol { get; }

    private protected IpEcn? EcnField { get; init; }

    private protected byte? TtlField { get; init; }

    private protected bool? DontFragmentField { get; init; }

    private protected bool IsIpChecksumWrong { get; init; }

    private int? TotalLengthField { get; init; }

    private ushort IdentificationField { get; init; }

    private (int Offset, bool HasMore) Part { get; init; }

    private byte[] HeaderOptions { get; init; } = [];

    private IpAddress? SourceAddress { get; init; }

    private IpAddress? DestinationAddress { get; init; }

    /// <summary>With this ECN field.</summary>
    public TSelf Ecn(IpEcn ecn) => (TSelf)(this with { EcnField = ecn });

    /// <summary>With this time to live; 64 unless it is said.</summary>
    public TSelf Ttl(byte ttl) => (TSelf)(this with { TtlField = ttl });

    /// <summary>With the flag DF set or clear.</summary>
    public TSelf DontFragment(bool isSet = true) => (TSelf)(this with { DontFragmentField = isSet });

    /// <summary>Sent by another address than the peer's.</summary>
    public TSelf From(IpAddress source) => (TSelf)(this with { SourceAddress = source });

    /// <summary>Sent to another address than the stack's.</summary>
    public TSelf To(IpAddress destination) => (TSelf)(this with { DestinationAddress = destination });

    /// <summary>Sent with these bytes of IP options, a multiple of four.</summary>
    public TSelf IpOptions(params ReadOnlySpan<byte> options) =>
        (TSelf)(this with { HeaderOptions = options.ToArray() });

    /// <summary>Sent with this identification, RFC 6864.</summary>
    public TSelf Identification(ushort identification) =>
        (TSelf)(this with { IdentificationField = identification });

    /// <summary>Sent with a header that says it is a fragment: where it begins, and whether more follow.</summary>
    public TSelf Fragment(int offset, bool hasMore) => (TSelf)(this with { Part = (offset, hasMore) });

    /// <summary>Sent with a total length that is not the packet's.</summary>
    public TSelf TotalLength(int length) => (TSelf)(this with { TotalLengthField = length });

    /// <summary>Sent with a wrong checksum of the IP header.</summary>
    public TSelf WrongIpChecksum() => (TSelf)(this with { IsIpChecksumWrong = true });

    internal sealed override byte[] Emit(in PacketRoute route)
    {
        var (source, destination) = (SourceAddress ?? route.Source, DestinationAddress ?? route.Destination);
        var payload = EmitPayload(route with { Source = source, Destination = destination });
        var length = Ipv4Header.FixedSize + HeaderOptions.Length;
        var frame = new byte[EthernetHeader.FixedSize + length + payload.Length];
        new EthernetHeader(route.DestinationMac, route.SourceMac, EtherType.Ipv4).Emit(frame);
        var packet = frame.AsSpan(EthernetHeader.FixedSize);
        new Ipv4Header
        {
            HeaderLength = length,
            TrafficClass = (byte)(EcnField ?? IpEcn.NotEct),
            TotalLength = (ushort)(TotalLengthField ?? packet.Length),
            Identification = IdentificationField,
            Flags = (DontFragmentField is true ? Ipv4Flags.DontFragment : 0)
                | (Part.HasMore ? Ipv4Flags.MoreFragments : 0),
            FragmentOffset = Part.Offset,
            Ttl = TtlField ?? TtlDefault,
            Protocol = Protocol,
            Source = source,
            Destination = destination,
        }.Emit(packet);
        HeaderOptions.CopyTo(packet[Ipv4Header.FixedSize..]);
        payload.CopyTo(packet[length..]);
        var checksum = InternetChecksum.Compute(packet[..length]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], IsIpChecksumWrong ? (ushort)~checksum : checksum);
        return frame;
    }

    /// <summary>The same packet with what was read of its IP header.</summary>
    internal TSelf Received(in Ipv4Header header, bool isChecksumValid, ReadOnlySpan<byte> frame) => (TSelf)(this with
    {
        EcnField = (IpEcn)(header.TrafficClass & 3),
        TtlField = header.Ttl,
        DontFragmentField = (header.Flags & Ipv4Flags.DontFragment) != 0,
        IsIpChecksumWrong = !isChecksumValid,
        Frame = frame.ToArray(),
    });

    private protected abstract byte[] EmitPayload(in PacketRoute route);

    /// <summary>What differs above the IP header.</summary>
    private protected abstract IEnumerable<string?> CompareWith(TSelf received);

    private protected abstract string DescribePayload();

    private protected sealed override string Describe()
    {
        var marks = string.Concat(
            EcnField is { } ecn and not IpEcn.NotEct ? $"[{ecn.ToString().ToLowerInvariant()}] " : "",
            IsIpChecksumWrong ? "[wrong IP checksum] " : "",
            Part.Offset > 0 || Part.HasMore ? $"[fragment at {Part.Offset}{(Part.HasMore ? "+" : "")}] " : "",
            HeaderOptions.Length > 0 ? $"[IP options {Convert.ToHexStringLower(HeaderOptions)}] " : "");
        return $"{marks}{DescribePayload()}";
    }

    private protected sealed override IEnumerable<string> Compare(Packet received)
    {
        var other = (TSelf)received;
        string?[] own =
        [
            Difference("ECN", EcnField, other.EcnField), Difference("TTL", TtlField, other.TtlField),
            Difference("DF", DontFragmentField, other.DontFragmentField),
            other.IsIpChecksumWrong ? "the checksum of the IP header is wrong" : null,
        ];
        return own.Concat(CompareWith(other)).OfType<string>();
    }
}
