using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>What stands before each frame of a capture file, draft-ietf-opsawg-pcap section 5.</summary>
/// <remarks><code>
///  0             4              8              12           16
///  | seconds (4) | fraction (4) | captured (4) | length (4) | captured bytes …
/// </code></remarks>
/// <param name="Seconds">When the frame was seen, since 1970.</param>
/// <param name="Fraction">Nanoseconds or microseconds of the second, as the file's header says; below 10^9.</param>
/// <param name="Captured">Bytes that follow.</param>
/// <param name="Length">Bytes that the frame had, at least <paramref name="Captured"/>.</param>
public readonly record struct PcapRecordHeader(uint Seconds, uint Fraction, int Captured, int Length)
    : IWireFormat<PcapRecordHeader>
{
    /// <summary>Bytes of the image.</summary>
    public const int FixedSize = 16;

    private const uint FractionMax = 999_999_999;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out PcapRecordHeader value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        var fraction = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        var captured = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[12..]);
        if (fraction > FractionMax || captured < 0 || captured > PcapFileHeader.SnapLengthMax || length < captured)
            return ParseStatus.Malformed;

        value = new(BinaryPrimitives.ReadUInt32LittleEndian(source), fraction, captured, length);
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize];
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Fraction);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Captured);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], Length);
    }
}
