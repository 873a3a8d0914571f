namespace Mirage.Net;

/// <summary>
/// Initial sequence numbers, <see href="https://www.rfc-editor.org/rfc/rfc6528">RFC 6528</see> section 3.
/// </summary>
/// <remarks>For one pair of ends they rise with the clock, so that a new connection does not take old segments for its
/// own; for different pairs they are unrelated to whoever does not know the key.</remarks>
internal sealed class TcpInitialSequence(SipHash hash)
{
    private const long TickNs = 4000; // RFC 9293 section 3.4.1: once around in 4.8 hours.

    public uint Next(TcpFlowKey key, long nowNs)
    {
        Span<byte> image = stackalloc byte[TcpFlowKey.Size];
        key.Emit(image);
        return (uint)hash.Hash(image) + (uint)(nowNs / TickNs);
    }
}
