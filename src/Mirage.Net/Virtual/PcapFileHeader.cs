using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>
/// The head of a capture file,
/// <see href="https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/">draft-ietf-opsawg-pcap</see>.
/// </summary>
/// <remarks><code>
///  0           4           6           8              16            20             24
///  | magic (4) | major (2) | minor (2) | reserved (8) | snaplen (4) | linktype (4) |
/// </code>
/// The format lets a writer choose its byte order; this one writes, and reads, little endian, version 2.4 and
/// Ethernet.</remarks>
/// <param name="SnapLength">Bytes that are kept of a frame at most.</param>
/// <param name="Nanoseconds">Whether the records' times have nanoseconds rather than microseconds.</param>
public readonly record struct PcapFileHeader(int SnapLength, bool Nanoseconds) : IWireFormat<PcapFileHeader>
{
    /// <summary>The most that readers take: tcpdump's MAXIMUM_SNAPLEN.</summary>
    public const int SnapLengthMax = 262_144;

    private const int FixedSize = 24;
    private const uint MagicMicroseconds = 0xA1B2_C3D4;
    private const uint MagicNanoseconds = 0xA1B2_3C4D;
    private const int LinkTypeEthernet = 1;

    private static ReadOnlySpan<byte> Version => [2, 0, 4, 0];

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out PcapFileHeader value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        var magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
        var snapLength = BinaryPrimitives.ReadUInt32LittleEndian(source[16..]);
        if (magic is not (MagicMicroseconds or MagicNanoseconds) || !source[4..].StartsWith(Version)
            || source[8..16].ContainsAnyExcept((byte)0)
            || BinaryPrimitives.ReadInt32LittleEndian(source[20..]) != LinkTypeEthernet)
            return ParseStatus.Unsupported;
        if (snapLength is 0 or > SnapLengthMax)
            return ParseStatus.Malformed;

        value = new((int)snapLength, magic is MagicNanoseconds);
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize];
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Nanoseconds ? MagicNanoseconds : MagicMicroseconds);
        Version.CopyTo(destination[4..]);
        destination[8..16].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], SnapLength);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], LinkTypeEthernet);
    }
}
