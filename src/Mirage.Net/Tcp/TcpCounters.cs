namespace Mirage.Net;

/// <summary>
/// What a TCP has done, by the names of <see href="https://www.rfc-editor.org/rfc/rfc4022">RFC 4022</see> where it has
/// one.
/// </summary>
/// <param name="ActiveOpens">Connections that this end began.</param>
/// <param name="PassiveOpens">Connections that peers began.</param>
/// <param name="InSegs">Segments received, those in error included.</param>
/// <param name="OutSegs">Segments sent, those with a reset included; one that the device cuts counts once.</param>
/// <param name="InErrs">Segments that were malformed or damaged.</param>
/// <param name="OutRsts">Resets sent to segments of no connection.</param>
/// <param name="ListenDrops">SYNs not answered because a backlog, or the table of connections, was full.</param>
public readonly record struct TcpCounters(
    long ActiveOpens, long PassiveOpens, long InSegs, long OutSegs, long InErrs, long OutRsts, long ListenDrops);
