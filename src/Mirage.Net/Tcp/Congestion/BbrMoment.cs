namespace Mirage.Net;

/// <summary>The connection at the time of an event, for the parts of BBR.</summary>
/// <param name="NowNs">The time.</param>
/// <param name="Delivered">Bytes confirmed so far.</param>
/// <param name="Window">Bytes that may be in flight: C.cwnd.</param>
/// <param name="IsWindowFull">Whether so many were, before the event: C.is_cwnd_limited.</param>
/// <param name="Segment">Bytes of a segment: C.SMSS.</param>
/// <param name="Seed">A number of the connection's own.</param>
internal readonly record struct BbrMoment(
    long NowNs, long Delivered, long Window, bool IsWindowFull, int Segment, int Seed);
