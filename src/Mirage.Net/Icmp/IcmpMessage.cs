using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The first eight bytes of an ICMP message, <see href="https://www.rfc-editor.org/rfc/rfc792">RFC
/// 792</see>.</summary>
/// <remarks><code>
///  0      1      2          4          8
///  | type | code | checksum | rest (4) | data …
/// </code>
/// The checksum is not part of the value: it is zero in the image and verified or completed over the whole
/// message.</remarks>
/// <param name="Type">What the message is.</param>
/// <param name="Code">Details of the type.</param>
/// <param name="Rest">What the type puts there: a pointer in its first octet, an MTU in its last two, or
/// nothing.</param>
public readonly record struct IcmpMessage(IcmpType Type, byte Code, uint Rest) : IWireFormat<IcmpMessage>
{
    /// <summary>Bytes before the data.</summary>
    public const int FixedSize = 8;

    /// <summary>Where the checksum lies.</summary>
    public const int ChecksumOffset = 2;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <summary>Whether it tells of a packet that went wrong: no error message answers it, RFC 1122 section
    /// 3.2.2.</summary>
    public bool IsError => Type is IcmpType.DestinationUnreachable or IcmpType.SourceQuench or IcmpType.Redirect
        or IcmpType.TimeExceeded or IcmpType.ParameterProblem;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out IcmpMessage value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        value = new((IcmpType)source[0], source[1], BinaryPrimitives.ReadUInt32BigEndian(source[4..]));
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
