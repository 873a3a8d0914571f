using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>A router's question, RFC 9776 section 4.1, in any version.</summary>
/// <remarks><code>
///  0      1      2          4           8            9      10            12
///  | 0x11 | code | checksum | group (4) | flags, qrv | qqic | sources (2) | source (4) | …   from 8 on in version 3
/// </code></remarks>
/// <param name="Version">The version of the querier, which the length tells: section 7.1.</param>
/// <param name="Group">The group that is asked about; 0.0.0.0 for every one.</param>
/// <param name="ResponseNs">The time within which to answer.</param>
internal readonly record struct IgmpQuery(IgmpVersion Version, IpAddress Group, long ResponseNs)
{
    private const int SizeV3 = 12, SourceSize = 4;
    private const long TenthNs = 100_000_000, SecondNs = 1_000_000_000;
    private const long ResponseV1Ns = 100 * TenthNs; // Section 7.2.1: ten seconds.

    /// <summary>How often what may be lost is sent; 0 when the querier does not say.</summary>
    public int Robustness { get; init; }

    /// <summary>The time between the querier's questions; 0 when it does not say.</summary>
    public long IntervalNs { get; init; }

    /// <summary>Whether every group is asked about.</summary>
    public bool IsGeneral => Group.IsUnspecified;

    /// <summary>Reads a message of <see cref="IgmpType.Query"/> that fills <paramref name="source"/>. Total: throws on
    /// no input. Sources are not kept: a host that takes a group from every source answers as if it had been asked
    /// about the group.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out IgmpQuery query)
    {
        query = default;
        if (IgmpMessage.Parse(source, out var message) is not ParseStatus.Ok)
            return ParseStatus.TooShort;
        var group = IpAddress.FromV4(message.Rest);
        if (!group.IsUnspecified && !group.IsMulticast)
            return ParseStatus.Malformed;
        if (source.Length == IgmpMessage.FixedSize)
        {
            query = message.Code == 0
                ? new(IgmpVersion.V1, group, ResponseV1Ns)
                : new(IgmpVersion.V2, group, message.Code * TenthNs);
            return ParseStatus.Ok;
        }

        if (source.Length < SizeV3)
            return ParseStatus.Malformed; // Section 7.1: any other length is ignored.
        if (source.Length < SizeV3 + (SourceSize * BinaryPrimitives.ReadUInt16BigEndian(source[10..])))
            return ParseStatus.TooShort;
        query = new(IgmpVersion.V3, group, Value(message.Code) * TenthNs)
        {
            Robustness = source[8] & 7,
            IntervalNs = Value(source[9]) * SecondNs,
        };
        return ParseStatus.Ok;
    }

    // Sections 4.1.1 and 4.1.7: from 128 on a mantissa of four bits and an exponent of three.
    private static long Value(byte code) => code < 128 ? code : (long)((code & 0xF) | 0x10) << (((code >> 4) & 7) + 3);
}
