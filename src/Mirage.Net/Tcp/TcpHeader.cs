using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The header of a segment, <see href="https://www.rfc-editor.org/rfc/rfc9293#section-3.1">RFC 9293 section
/// 3.1</see>.</summary>
/// <remarks><code>
///  0              2              4              8            12     13      14       16         18       20
///  | source (2)   | dest (2)     | seq (4)      | ack (4)    | off  | flags | window | checksum | urgent | options …
/// </code>
/// The checksum is not part of the value: it is zero in the image and verified or completed over the whole segment.
/// Beside the data offset is the flag AE; the reserved bits there are ignored and sent as zero. Options that
/// <see cref="TcpOptions"/> does not hold are dropped, so that <see cref="Size"/> of a header that was read may be less
/// than <see cref="LengthOf"/> the image it was read from.</remarks>
/// <param name="SourcePort">The sender's port.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="Sequence">Number of the first byte of the payload, or of the SYN.</param>
/// <param name="Acknowledgment">With ACK, the number that the sender expects next.</param>
/// <param name="Flags">The control bits.</param>
/// <param name="Window">Bytes that the sender takes from <paramref name="Acknowledgment"/> on, unscaled.</param>
public readonly record struct TcpHeader(
    ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, TcpFlags Flags, ushort Window)
    : IWireFormat<TcpHeader>
{
    /// <summary>Bytes without options.</summary>
    public const int FixedSize = 20;

    /// <summary>Bytes with all the options there can be.</summary>
    public const int SizeMax = 60;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumOffset = 16;

    private const int DataOffsetOffset = 12;

    /// <summary>The urgent pointer; ignored by this stack.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>The options.</summary>
    public TcpOptions Options { get; init; }

    /// <inheritdoc/>
    public int Size => FixedSize + Options.Size;

    /// <summary>Bytes of the header with its options as the data offset of an image says: 0 to 60, and no less than
    /// <see cref="FixedSize"/> and no more than <paramref name="source"/> when <see cref="Parse"/> accepts it. The
    /// payload follows.</summary>
    public static int LengthOf(ReadOnlySpan<byte> source) =>
        source.Length < FixedSize ? 0 : (source[DataOffsetOffset] >> 4) * 4;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out TcpHeader value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        var length = LengthOf(source);
        if (length < FixedSize)
            return ParseStatus.Malformed;
        if (length > source.Length)
            return ParseStatus.TooShort;

        value = new(
            BinaryPrimitives.ReadUInt16BigEndian(source), BinaryPrimitives.ReadUInt16BigEndian(source[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[4..]), BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
            (TcpFlags)(source[13] | ((source[DataOffsetOffset] & 1) << 8)),
            BinaryPrimitives.ReadUInt16BigEndian(source[14..]))
        {
            UrgentPointer = BinaryPrimitives.ReadUInt16BigEndian(source[18..]),
            Options = length == FixedSize ? default : TcpOptions.Parse(source[FixedSize..length]),
        };
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..Size]; // A short buffer fails here, once, and not half-way through.
        BinaryPrimitives.WriteUInt16BigEndian(destination, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Acknowledgment);
        destination[DataOffsetOffset] = (byte)((Size / 4 << 4) | ((int)(Flags & TcpFlags.Ae) >> 8));
        destination[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(destination[14..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(destination[ChecksumOffset..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[18..], UrgentPointer);
        Options.Emit(destination[FixedSize..]);
    }
}
