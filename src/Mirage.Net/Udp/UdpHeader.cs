using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The header of a datagram, <see href="https://www.rfc-editor.org/rfc/rfc768">RFC 768</see>.</summary>
/// <remarks><code>
///  0        2        4        6          8
///  | source | dest   | length | checksum | payload …
/// </code></remarks>
/// <param name="SourcePort">The sender's port; 0 when it wants no answer.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="Length">Bytes of header and payload; at least 8.</param>
/// <param name="Checksum">The checksum; 0 when the sender computed none.</param>
public readonly record struct UdpHeader(
    ushort SourcePort, ushort DestinationPort, ushort Length, ushort Checksum) : IWireFormat<UdpHeader>
{
    /// <summary>Bytes of the header.</summary>
    public const int FixedSize = 8;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumOffset = 6;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out UdpHeader value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        var length = BinaryPrimitives.ReadUInt16BigEndian(source[4..]);
        if (length < FixedSize)
            return ParseStatus.Malformed;

        value = new(
            BinaryPrimitives.ReadUInt16BigEndian(source), BinaryPrimitives.ReadUInt16BigEndian(source[2..]), length,
            BinaryPrimitives.ReadUInt16BigEndian(source[ChecksumOffset..]));
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize];
        BinaryPrimitives.WriteUInt16BigEndian(destination, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Length);
        BinaryPrimitives.WriteUInt16BigEndian(destination[ChecksumOffset..], Checksum);
    }
}
