namespace Mirage.Net;

/// <summary>A stretch of the peer's bytes that is in, RFC 2018 section 3.</summary>
/// <param name="Start">Its first number: the left edge.</param>
/// <param name="End">One past its last number: the right edge.</param>
public readonly record struct TcpSackBlock(uint Start, uint End);
