using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The first eight bytes of an IGMP message, <see href="https://www.rfc-editor.org/rfc/rfc9776#section-4">RFC
/// 9776 section 4</see>.</summary>
/// <remarks><code>
///  0      1      2          4          8
///  | type | code | checksum | rest (4) | of version 3: more …
/// </code>
/// The checksum is not part of the value: it is zero in the image and verified or completed over the whole
/// message.</remarks>
/// <param name="Type">What the message is.</param>
/// <param name="Code">In a query, how long an answer may take.</param>
/// <param name="Rest">The group; in a report of version 3, how many records follow.</param>
internal readonly record struct IgmpMessage(IgmpType Type, byte Code, uint Rest) : IWireFormat<IgmpMessage>
{
    /// <summary>Bytes of it.</summary>
    public const int FixedSize = 8;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumOffset = 2;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out IgmpMessage value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        value = new((IgmpType)source[0], source[1], BinaryPrimitives.ReadUInt32BigEndian(source[4..]));
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize];
        destination[0] = (byte)Type;
        destination[1] = Code;
        BinaryPrimitives.WriteUInt16BigEndian(destination[ChecksumOffset..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Rest);
    }
}
