using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>What a report of version 3 says of one group,
/// <see href="https://www.rfc-editor.org/rfc/rfc9776#section-4.2">RFC 9776 section 4.2</see>. It names no source: the
/// stack takes a group from every one.</summary>
/// <remarks><code>
///  0      1     2             4           8
///  | type | aux | sources (2) | group (4) |
/// </code></remarks>
/// <param name="Type">What is said.</param>
/// <param name="Group">The group.</param>
internal readonly record struct IgmpRecord(IgmpRecordType Type, IpAddress Group) : IWireFormat<IgmpRecord>
{
    /// <summary>Bytes of it.</summary>
    public const int FixedSize = 8;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out IgmpRecord value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;
        if (source[1] != 0 || BinaryPrimitives.ReadUInt16BigEndian(source[2..]) != 0)
            return ParseStatus.Unsupported;

        value = new((IgmpRecordType)source[0], IpAddress.ReadV4(source[4..]));
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize];
        destination[0] = (byte)Type;
        destination[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], 0);
        Group.Write(destination[4..]);
    }
}
