namespace Mirage.Net;

/// <summary>A received segment. Valid during the call only.</summary>
/// <param name="header">Its header.</param>
/// <param name="payload">What follows it.</param>
internal readonly ref struct TcpSegment(TcpHeader header, ReadOnlySpan<byte> payload)
{
    public TcpHeader Header { get; } = header;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>Sequence numbers it takes: payload, SYN and FIN.</summary>
    public int SequenceLength => Payload.Length + (Header.Flags.HasFlag(TcpFlags.Syn) ? 1 : 0) + (Header.Flags.HasFlag(TcpFlags.Fin) ? 1 : 0);
}
