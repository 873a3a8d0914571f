namespace Mirage.Net;

/// <summary>This end's timestamps, <see href="https://www.rfc-editor.org/rfc/rfc7323#section-5.4">RFC 7323 section
/// 5.4</see>.</summary>
/// <remarks>Each pair of ends has an offset of its own, which does not change: timestamps tell nobody how long the
/// machine is up, and those of a later connection between the same ends go on where an earlier one was.</remarks>
internal sealed class TcpTimestampClock(SipHash hash)
{
    /// <summary>What it ticks in: RFC 7323 section 5.4, between 1 ms and 1 s.</summary>
    public const long TickNs = 1_000_000;

    /// <summary>What is added to the clock in the timestamps between these ends.</summary>
    public uint OffsetOf(TcpFlowKey key)
    {
        Span<byte> image = stackalloc byte[TcpFlowKey.Size];
        key.Emit(image);
        return (uint)hash.Hash(image);
    }

    /// <summary>TSval at a time.</summary>
    public static uint At(uint offset, long nowNs) => unchecked(offset + (uint)(nowNs / TickNs));
}
