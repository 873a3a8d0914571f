namespace Mirage.Net;

/// <summary>A received segment. Valid during the call only.</summary>
/// <param name="header">Its header.</param>
/// <param name="payload">What follows it.</param>
internal readonly ref struct TcpSegment(TcpHeader header, ReadOnlySpan<byte> payload)
{
    public TcpHeader Header { get; } = header;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>The ECN field of the packet that it came in, RFC 3168 section 5.</summary>
    public byte Ecn { get; init; }

    /// <summary>Payload of each packet that the device merged into it; 0 when it is one packet.</summary>
    public ushort MergedSize { get; init; }

    /// <summary>Packets that it came in.</summary>
    public int Packets => MergedSize == 0 ? 1 : Math.Max(1, (Payload.Length + MergedSize - 1) / MergedSize);

    /// <summary>Sequence numbers it takes: payload, SYN and FIN.</summary>
    public int SequenceLength =>
        Payload.Length + ((Header.Flags & TcpFlags.Syn) != 0 ? 1 : 0) + ((Header.Flags & TcpFlags.Fin) != 0 ? 1 : 0);

    /// <summary>Reads a segment that fills <paramref name="source"/>, header, options and payload, and came in a packet
    /// with this ECN field, or in several. Total: throws on no input.</summary>
    public static ParseStatus Parse(
        ReadOnlySpan<byte> source, out TcpSegment segment, byte ecn = 0, ushort mergedSize = 0)
    {
        segment = default;
        var status = TcpHeader.Parse(source, out var header);
        if (status is ParseStatus.Ok)
            segment = new(header, source[TcpHeader.LengthOf(source)..]) { Ecn = ecn, MergedSize = mergedSize };
        return status;
    }

    /// <summary>Whether any of <paramref name="flags"/> is set.</summary>
    public bool Has(TcpFlags flags) => (Header.Flags & flags) != 0;
}
