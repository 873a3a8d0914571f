using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The tag of IEEE 802.1Q, which follows an Ethernet header of type <see cref="EtherType"/>.</summary>
/// <remarks><code>
///  0                          2      4
///  | PCP (3) DEI (1) VID (12) | type | payload …
/// </code></remarks>
/// <param name="Control">Priority, drop eligibility and VLAN identifier.</param>
/// <param name="Type">What the frame carries.</param>
public readonly record struct VlanTag(ushort Control, EtherType Type) : IWireFormat<VlanTag>
{
    /// <summary>Bytes of the tag.</summary>
    public const int FixedSize = 4;

    /// <summary>The type of a tagged frame.</summary>
    public const EtherType EtherType = (EtherType)0x8100;

    /// <summary>The VLAN; 0 in a frame that has a priority and belongs to no VLAN.</summary>
    public int Identifier => Control & 0x0FFF;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out VlanTag value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        value = new(
            BinaryPrimitives.ReadUInt16BigEndian(source), (EtherType)BinaryPrimitives.ReadUInt16BigEndian(source[2..]));
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..FixedSize];
        BinaryPrimitives.WriteUInt16BigEndian(destination, Control);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)Type);
    }
}
