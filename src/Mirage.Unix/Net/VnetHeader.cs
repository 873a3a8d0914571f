using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>What the kernel and a TAP tell each other of a frame's checksum and segmentation: <c>struct
/// virtio_net_hdr</c>, virtio 1.2 section 5.1.6, in the legacy form of ten bytes.</summary>
/// <remarks><code>
///  0       1          2          4          6            8             10
///  | flags | gso_type | hdr_len  | gso_size | csum_start | csum_offset |    little-endian on x64 and arm64
/// </code>
/// <see cref="Parse"/> takes every ten bytes: whether they fit the frame behind them is for <see cref="Fits"/> to
/// say.</remarks>
/// <param name="Flags">Bits of <see cref="NeedsChecksum"/> and <see cref="DataValid"/>.</param>
/// <param name="Kind">How the frame is to be cut: a kind, and perhaps <see cref="EcnBit"/>.</param>
/// <param name="HeaderLength">Bytes of headers; a hint.</param>
/// <param name="SegmentSize">Payload bytes of each packet.</param>
/// <param name="ChecksumStart">Where summing begins, from the Ethernet header on.</param>
/// <param name="ChecksumOffset">Where the sum belongs, from <paramref name="ChecksumStart"/> on.</param>
internal readonly record struct VnetHeader(
    byte Flags, byte Kind, ushort HeaderLength, ushort SegmentSize, ushort ChecksumStart, ushort ChecksumOffset)
    : IWireFormat<VnetHeader>
{
    public const int Length = 10;
    public const byte NeedsChecksum = 1;
    public const byte DataValid = 2;
    public const byte KindNone = 0;
    public const byte KindTcpV4 = 1;
    public const byte KindTcpV6 = 4;
    public const byte KindUdp = 5;
    public const byte EcnBit = 0x80;

    public int Size => Length;

    /// <summary>Whether the checksum need not be verified: the kernel did, or the frame never was on a wire and has
    /// none yet.</summary>
    public bool IsChecksumValid => (Flags & (NeedsChecksum | DataValid)) != 0;

    /// <summary>Payload bytes of each packet that was merged into the frame; 0 when it is one packet.</summary>
    public ushort MergedSegmentSize => (Kind & ~EcnBit) == KindNone ? (ushort)0 : SegmentSize;

    /// <summary>The header for a frame that is sent.</summary>
    public static VnetHeader For(in TransmitFrame frame)
    {
        var kind = frame.Segmentation switch
        {
            Segmentation.TcpV4 => KindTcpV4,
            Segmentation.TcpV6 => KindTcpV6,
            Segmentation.Udp => KindUdp,
            _ => KindNone,
        };
        var header = new VnetHeader(0, kind, (ushort)frame.Header.Length, frame.SegmentSize, 0, 0);
        if (!frame.NeedsChecksum)
            return header;
        return header with
        {
            Flags = NeedsChecksum,
            ChecksumStart = (ushort)frame.ChecksumStart,
            ChecksumOffset = (ushort)frame.ChecksumOffset,
        };
    }

    public static ParseStatus Parse(ReadOnlySpan<byte> source, out VnetHeader value)
    {
        value = default;
        if (source.Length < Length)
            return ParseStatus.TooShort;

        value = new(source[0], source[1], BinaryPrimitives.ReadUInt16LittleEndian(source[2..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[4..]), BinaryPrimitives.ReadUInt16LittleEndian(source[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[8..]));
        return ParseStatus.Ok;
    }

    public void Emit(Span<byte> destination)
    {
        destination = destination[..Length];
        (destination[0], destination[1]) = (Flags, Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], ChecksumStart);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], ChecksumOffset);
    }

    /// <summary>Whether a received frame of that many bytes can be what this header says. The header may come from a
    /// hostile machine that shares the host: nothing in it is used before this was asked.</summary>
    public bool Fits(int frameLength)
    {
        if ((Flags & NeedsChecksum) != 0 && ChecksumStart + ChecksumOffset + sizeof(ushort) > frameLength)
            return false;
        if (HeaderLength > frameLength)
            return false;
        return (Kind & ~EcnBit) switch
        {
            KindNone => true,
            KindTcpV4 or KindTcpV6 or KindUdp => SegmentSize > 0,
            _ => false, // UDP fragmentation and what is yet to come were not negotiated.
        };
    }
}
