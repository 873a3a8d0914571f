using Mirage.Net;

namespace Mirage.Testing;

/// <summary>The bytes of an IPv4 packet, header included, whatever they mean.</summary>
public sealed record RawIpPacket : Packet
{
    private readonly byte[] _bytes;

    internal RawIpPacket(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    internal override byte[] Emit(in PacketRoute route)
    {
        var frame = new byte[EthernetHeader.FixedSize + _bytes.Length];
        new EthernetHeader(route.DestinationMac, route.SourceMac, EtherType.Ipv4).Emit(frame);
        _bytes.CopyTo(frame, EthernetHeader.FixedSize);
        return frame;
    }

    private protected override IEnumerable<string> Compare(Packet received) =>
        Difference("packet", _bytes, ((RawIpPacket)received)._bytes) is { } difference ? [difference] : [];

    private protected override string Describe() =>
        $"ip {_bytes.Length} bytes 0x{Convert.ToHexStringLower(_bytes.AsSpan(0, Math.Min(64, _bytes.Length)))}";
}
