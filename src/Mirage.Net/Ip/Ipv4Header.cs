using System.Buffers.Binary;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The fixed part of an IPv4 header, <see href="https://www.rfc-editor.org/rfc/rfc791#section-3.1">RFC 791
/// section 3.1</see>.</summary>
/// <remarks><code>
///  0         1     2              4      6                    8     9       10         12       16       20
///  | ver ihl | tos | length (2)   | id   | flags, offset (13) | ttl | proto | checksum | source | dest   | options …
/// </code>
/// The checksum is not part of the value: it is zero in the image, and <see cref="EmitWithChecksum"/> completes it.
/// Options follow the image; <see cref="HeaderLength"/> tells how many.</remarks>
public readonly record struct Ipv4Header() : IWireFormat<Ipv4Header>
{
    /// <summary>Bytes without options.</summary>
    public const int FixedSize = 20;

    /// <summary>Bytes with as many options as fit.</summary>
    public const int SizeMax = 60;

    /// <summary>The longest packet, header included.</summary>
    public const int PacketMax = 65535;

    private const int ChecksumOffset = 10;
    private const ushort OffsetMask = 0x1FFF;

    /// <summary>Bytes of the header with its options: 20 to 60, a multiple of 4.</summary>
    public int HeaderLength { get; init; } = FixedSize;

    /// <summary>DSCP in the upper six bits, ECN in the lower two.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Bytes of the packet with this header.</summary>
    public ushort TotalLength { get; init; }

    /// <summary>Tells the fragments of one datagram from those of another, RFC 6864.</summary>
    public ushort Identification { get; init; }

    /// <summary>Flags.</summary>
    public Ipv4Flags Flags { get; init; }

    /// <summary>Where in its datagram this fragment begins: bytes, a multiple of 8.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Hops left.</summary>
    public byte Ttl { get; init; }

    /// <summary>What the packet carries.</summary>
    public IpProtocol Protocol { get; init; }

    /// <summary>The sender.</summary>
    public IpAddress Source { get; init; }

    /// <summary>The receiver.</summary>
    public IpAddress Destination { get; init; }

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <summary>Whether fragments of the same datagram follow it.</summary>
    public bool HasMoreFragments => (Flags & Ipv4Flags.MoreFragments) != 0;

    /// <summary>Whether this is a part of a datagram only.</summary>
    public bool IsFragment => FragmentOffset != 0 || HasMoreFragments;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out Ipv4Header value)
    {
        value = default;
        if (source.Length < FixedSize)
            return ParseStatus.TooShort;
        if (source[0] >> 4 != 4)
            return ParseStatus.Unsupported;

        var headerLength = (source[0] & 0xF) * 4;
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        if (headerLength < FixedSize || totalLength < headerLength)
            return ParseStatus.Malformed;
        if (source.Length < headerLength)
            return ParseStatus.TooShort;

        var fragment = BinaryPrimitives.ReadUInt16BigEndian(source[6..]);
        value = new()
        {
            HeaderLength = headerLength,
            TrafficClass = source[1],
            TotalLength = totalLength,
            Identification = BinaryPrimitives.ReadUInt16BigEndian(source[4..]),
            Flags = (Ipv4Flags)(fragment & ~OffsetMask),
            FragmentOffset = (fragment & OffsetMask) * 8,
            Ttl = source[8],
            Protocol = (IpProtocol)source[9],
            Source = IpAddress.ReadV4(source[12..]),
            Destination = IpAddress.ReadV4(source[16..]),
        };
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination)
    {
        Debug.Assert(
            HeaderLength is >= FixedSize and <= SizeMax && HeaderLength % 4 == 0, "A header's length counts words.");
        Debug.Assert(
            FragmentOffset % 8 == 0 && FragmentOffset <= OffsetMask * 8, "A fragment begins at a multiple of eight.");
        Debug.Assert(Source.IsV4 && Destination.IsV4, "An IPv4 header has IPv4 addresses.");
        destination = destination[..FixedSize];
        destination[0] = (byte)(0x40 | (HeaderLength / 4));
        destination[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], TotalLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Identification);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)((ushort)Flags | (FragmentOffset / 8)));
        destination[8] = Ttl;
        destination[9] = (byte)Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(destination[ChecksumOffset..], 0);
        Source.Write(destination[12..]);
        Destination.Write(destination[16..]);
    }

    /// <summary>Writes the image of a header without options, checksum included.</summary>
    public void EmitWithChecksum(Span<byte> destination)
    {
        Debug.Assert(HeaderLength == FixedSize, "The checksum covers the options too.");
        Emit(destination);
        Complete(destination[..FixedSize]);
    }

    /// <summary>Writes the checksum of a header that fills <paramref name="image"/>, and has none yet.</summary>
    internal static void Complete(Span<byte> image) =>
        BinaryPrimitives.WriteUInt16BigEndian(image[ChecksumOffset..], InternetChecksum.Compute(image));
}
