using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A datagram of UDP, RFC 768.</summary>
public sealed record Datagram : IpPacket<Datagram>
{
    internal Datagram(ushort source, ushort destination, byte[] payload) =>
        (SourcePort, DestinationPort, Bytes) = (source, destination, payload);

    /// <summary>The sender's port.</summary>
    public ushort SourcePort { get; }

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort { get; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload => Bytes;

    private protected override IpProtocol Protocol => IpProtocol.Udp;

    private byte[] Bytes { get; }

    private bool IsChecksumWrong { get; init; }

    private bool IsChecksumAbsent { get; init; }

    private ushort? LengthField { get; init; }

    /// <summary>Sent with a wrong checksum.</summary>
    public Datagram WrongChecksum() => this with { IsChecksumWrong = true };

    /// <summary>Sent without a checksum.</summary>
    public Datagram NoChecksum() => this with { IsChecksumAbsent = true };

    /// <summary>Sent with this length field, whatever the length is.</summary>
    public Datagram LengthOf(ushort length) => this with { LengthField = length };

    /// <summary>The datagram as it was read.</summary>
    internal static Datagram Received(in UdpHeader header, ReadOnlySpan<byte> payload, bool isChecksumValid) =>
        new(header.SourcePort, header.DestinationPort, payload.ToArray()) { IsChecksumWrong = !isChecksumValid };

    private protected override byte[] EmitPayload(in PacketRoute route)
    {
        var image = new byte[UdpHeader.FixedSize + Bytes.Length];
        new UdpHeader(SourcePort, DestinationPort, LengthField ?? (ushort)image.Length, 0).Emit(image);
        Bytes.CopyTo(image, UdpHeader.FixedSize);
        if (IsChecksumAbsent)
            return image;
        var sum = InternetChecksum.PseudoHeader(route.Source, route.Destination, IpProtocol.Udp, image.Length);
        var checksum = InternetChecksum.Finish(InternetChecksum.Add(sum, image));
        if (IsChecksumWrong)
            checksum ^= 0x5555;
        BinaryPrimitives.WriteUInt16BigEndian(
            image.AsSpan(UdpHeader.ChecksumOffset), checksum == 0 ? ushort.MaxValue : checksum);
        return image;
    }

    private protected override IEnumerable<string?> CompareWith(Datagram received)
    {
        yield return received.IsChecksumWrong ? "the checksum is wrong" : null;
        yield return Difference<ushort>("source port", SourcePort, received.SourcePort);
        yield return Difference<ushort>("destination port", DestinationPort, received.DestinationPort);
        yield return Difference("payload", Bytes, received.Bytes);
    }

    private protected override string DescribePayload() =>
        $"udp {SourcePort} > {DestinationPort} ({Bytes.Length}){(IsChecksumWrong ? " [wrong checksum]" : "")}";
}
