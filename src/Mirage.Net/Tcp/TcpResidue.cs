namespace Mirage.Net;

/// <summary>What is left of a connection in TIME-WAIT.</summary>
/// <param name="Sequence">SND.NXT.</param>
/// <param name="Expected">RCV.NXT.</param>
/// <param name="Room">Bytes from there on that the peer was allowed to send.</param>
/// <param name="Window">The same as a segment says it, scaled.</param>
/// <param name="OldestAcknowledgment">The oldest acknowledgment that can still be on its way.</param>
/// <param name="Timestamp">TS.Recent; null when timestamps were not agreed on.</param>
internal readonly record struct TcpResidue(
    uint Sequence, uint Expected, int Room, ushort Window, uint OldestAcknowledgment, uint? Timestamp);
