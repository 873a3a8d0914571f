using System.Buffers.Binary;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>An Ethernet/IPv4 ARP packet, <see href="https://www.rfc-editor.org/rfc/rfc826">RFC 826</see>.</summary>
/// <remarks><code>
///  0       2       4      5      6      8         14        18        24        28
///  | htype | ptype | hlen | plen | oper | sha (6) | spa (4) | tha (6) | tpa (4) |
/// </code>
/// Exactly the images of requests and replies for Ethernet and IPv4 are accepted; trailing padding is
/// ignored.</remarks>
/// <param name="Operation">Request or reply.</param>
/// <param name="SenderMac">The link address that the sender claims.</param>
/// <param name="SenderIp">The IPv4 address that the sender claims; <c>0.0.0.0</c> in a probe, RFC 5227.</param>
/// <param name="TargetMac">In a reply, who asked; without meaning in a request.</param>
/// <param name="TargetIp">The IPv4 address asked for, or of who asked.</param>
public readonly record struct ArpPacket(
    ArpOperation Operation, MacAddress SenderMac, IpAddress SenderIp, MacAddress TargetMac, IpAddress TargetIp)
    : IWireFormat<ArpPacket>
{
    /// <summary>Bytes of the packet.</summary>
    public const int FixedSize = 28;

    /// <inheritdoc/>
    public int Size => FixedSize;

    // htype = Ethernet, ptype = IPv4, hlen = 6, plen = 4: the one combination which this stack speaks.
    private static ReadOnlySpan<byte> Preamble => [0, 1, 8, 0, 6, 4];

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out ArpPacket value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;

        var operation = (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(source[6..]);
        if (!source.StartsWith(Preamble) || operation is not (ArpOperation.Request or ArpOperation.Reply))
            return ParseStatus.Unsupported;

        value = new(operation, MacAddress.Read(source[8..]), IpAddress.ReadV4(source[14..]),
            MacAddress.Read(source[18..]), IpAddress.ReadV4(source[24..]));
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        Debug.Assert(
            SenderIp.IsV4 && TargetIp.IsV4, "ARP resolves IPv4 addresses; default(ArpPacket) has no wire image.");
        destination = destination[..FixedSize];
        Preamble.CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)Operation);
        SenderMac.Write(destination[8..]);
        SenderIp.Write(destination[14..]);
        TargetMac.Write(destination[18..]);
        TargetIp.Write(destination[24..]);
    }
}
