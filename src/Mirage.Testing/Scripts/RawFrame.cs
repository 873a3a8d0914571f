namespace Mirage.Testing;

/// <summary>The bytes of a frame, Ethernet header included, whatever they mean.</summary>
public sealed record RawFrame : Packet
{
    private readonly byte[] _bytes;

    internal RawFrame(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    internal override byte[] Emit(in PacketRoute route) => _bytes;

    private protected override IEnumerable<string> Compare(Packet received) =>
        Difference("frame", _bytes, ((RawFrame)received)._bytes) is { } difference ? [difference] : [];

    private protected override string Describe() =>
        $"frame of {_bytes.Length} bytes 0x{Convert.ToHexStringLower(_bytes.AsSpan(0, Math.Min(64, _bytes.Length)))}";
}
