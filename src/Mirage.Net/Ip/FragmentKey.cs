namespace Mirage.Net;

/// <summary>What the fragments of one datagram have in common: RFC 791 section 3.2, RFC 8200 section 4.5.</summary>
internal readonly record struct FragmentKey(
    IpAddress Source, IpAddress Destination, IpProtocol Protocol, uint Identification)
{
    // HashCode is seeded in each process: one that chooses the fields cannot make them collide.
    public override int GetHashCode() =>
        HashCode.Combine(Source.High, Source.Low, Destination.High, Destination.Low, Protocol, Identification);
}
