namespace Mirage.Net;

/// <summary>The timestamps option, RFC 7323 section 3.2.</summary>
/// <param name="Value">TSval: the sender's clock.</param>
/// <param name="Echo">TSecr: the clock of the peer that is echoed; meaningful with ACK.</param>
public readonly record struct TcpTimestamps(uint Value, uint Echo);
