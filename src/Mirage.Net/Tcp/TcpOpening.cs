namespace Mirage.Net;

/// <summary>A handshake that was carried on without a machine, which takes over now.</summary>
/// <param name="Syn">What the peer asked for.</param>
/// <param name="Initial">ISS: the number that our SYN had.</param>
/// <param name="SentNs">When our SYN went out; null when it is not known, or when it went out more than once.</param>
/// <param name="Timeouts">How often it was lost, as far as is known.</param>
internal readonly record struct TcpOpening(TcpSyn Syn, uint Initial, long? SentNs, int Timeouts);
