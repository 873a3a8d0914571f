using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The header of an Ethernet II frame, <see href="https://www.rfc-editor.org/rfc/rfc894">RFC
/// 894</see>.</summary>
/// <remarks><code>
///  0                 6            12     14
///  | destination (6) | source (6) | type | payload …
/// </code>
/// A type below 0x0600 is the length field of IEEE 802.3, which this stack does not speak.</remarks>
/// <param name="Destination">The station or group it is for.</param>
/// <param name="Source">The station that sent it.</param>
/// <param name="Type">What it carries; at least 0x0600.</param>
public readonly record struct EthernetHeader(
    MacAddress Destination, MacAddress Source, EtherType Type) : IWireFormat<EthernetHeader>
{
    /// <summary>Bytes of the header.</summary>
    public const int FixedSize = 14;

    private const ushort TypeMin = 0x0600;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out EthernetHeader value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        var type = BinaryPrimitives.ReadUInt16BigEndian(source[12..]);
        if (type < TypeMin)
            return ParseStatus.Unsupported;

        value = new(MacAddress.Read(source), MacAddress.Read(source[6..]), (EtherType)type);
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize]; // A short buffer fails here, once, and not half-way through.
        Destination.Write(destination);
        Source.Write(destination[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], (ushort)Type);
    }
}
