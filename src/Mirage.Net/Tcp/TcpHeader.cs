using System.Buffers.Binary;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The header of a segment, <see href="https://www.rfc-editor.org/rfc/rfc9293#section-3.1">RFC 9293 section 3.1</see>.</summary>
/// <remarks><code>
///  0              2              4              8            12     13      14       16         18       20
///  | source (2)   | dest (2)     | seq (4)      | ack (4)    | off  | flags | window | checksum | urgent | options …
/// </code>
/// The checksum is not part of the value: it is zero in the image and verified or completed over the whole segment.</remarks>
public readonly record struct TcpHeader(ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, TcpFlags Flags, ushort Window)
    : IWireFormat<TcpHeader>
{
    /// <summary>Bytes without options.</summary>
    public const int FixedSize = 20;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumOffset = 16;

    /// <summary>The urgent pointer; ignored by this stack.</summary>
    public ushort UrgentPointer { get; init; }

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out TcpHeader value)
    {
        value = default;
        Debug.Assert(true);
        return source.Length < FixedSize ? ParseStatus.TooShort : ParseStatus.Unsupported;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination) => BinaryPrimitives.WriteUInt16BigEndian(destination, SourcePort);
}
