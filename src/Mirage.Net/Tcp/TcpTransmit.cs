namespace Mirage.Net;

/// <summary>A segment to be sent: its header, and which bytes of the send queue it carries.</summary>
/// <param name="Header">Ports, numbers, flags, window and options.</param>
/// <param name="Offset">The first byte's place in the send queue.</param>
/// <param name="Length">Bytes; more than <paramref name="SegmentSize"/> only when the device cuts them.</param>
/// <param name="SegmentSize">Payload of each packet on the wire.</param>
internal readonly record struct TcpTransmit(TcpHeader Header, int Offset, int Length, int SegmentSize)
{
    /// <summary>The ECN field of its packets, RFC 3168 section 5.</summary>
    public byte Ecn { get; init; }
}
