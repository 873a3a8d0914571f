namespace Mirage.Net;

/// <summary>A datagram that a <see cref="UdpSocket{TUdp}"/> has received.</summary>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Where it was sent: an own address or broadcast.</param>
/// <param name="Length">Bytes of it that lie in the reader's buffer.</param>
/// <param name="IsTruncated">Whether the buffer was too short: the rest of the datagram is lost.</param>
public readonly record struct UdpReceived(Endpoint Source, Endpoint Destination, int Length, bool IsTruncated);
