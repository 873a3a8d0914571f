namespace Mirage;

/// <summary>A frame on its way up, or what is left of it inside a layer. Valid during the call only.</summary>
/// <param name="bytes">The bytes from this layer's header on.</param>
/// <param name="checksumValid">Whether the device vouches for the transport checksum.</param>
/// <param name="segmentSize">Payload of each packet that the device merged into this frame; 0 when it is one
/// packet.</param>
/// <param name="isGroup">Whether the link carried it to a group or to every station.</param>
public readonly ref struct ReceivedFrame(
    ReadOnlySpan<byte> bytes, bool checksumValid = false, ushort segmentSize = 0, bool isGroup = false)
{
    /// <summary>The bytes from this layer's header on.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Whether the device vouches for the transport checksum, so that it need not be verified.</summary>
    public bool ChecksumValid { get; } = checksumValid;

    /// <summary>Payload of each packet that the device merged into this frame; 0 when it is one packet.</summary>
    public ushort SegmentSize { get; } = segmentSize;

    /// <summary>Whether the link carried it to a group or to every station. Known above the link layer only.</summary>
    public bool IsGroup { get; } = isGroup;

    /// <summary>The same frame without its first <paramref name="start"/> bytes.</summary>
    public ReceivedFrame Slice(int start) => new(Bytes[start..], ChecksumValid, SegmentSize, IsGroup);

    /// <summary><paramref name="length"/> bytes of the frame from <paramref name="start"/> on.</summary>
    public ReceivedFrame Slice(int start, int length) =>
        new(Bytes.Slice(start, length), ChecksumValid, SegmentSize, IsGroup);
}
