using System.Buffers;

namespace Mirage.Net;

/// <summary>A copy of a packet that waits for its next hop, with what it asks of the device.</summary>
internal sealed class PendingPacket
{
    private readonly byte[] _bytes;
    private readonly int _headerLength;
    private readonly int _checksumStart;
    private readonly int _checksumOffset;
    private readonly Segmentation _segmentation;
    private readonly int _segmentSize;

    /// <summary>Copies <paramref name="frame"/>, whose outermost header has <paramref name="ipHeaderLength"/>
    /// bytes.</summary>
    public PendingPacket(in TransmitFrame frame, int ipHeaderLength)
    {
        _bytes = new byte[frame.Length];
        frame.CopyTo(_bytes);
        _checksumStart = frame.NeedsChecksum ? frame.ChecksumStart : -1;
        _headerLength = frame.NeedsChecksum ? frame.Header.Length : ipHeaderLength;
        _checksumOffset = frame.ChecksumOffset;
        (_segmentation, _segmentSize) = (frame.Segmentation, frame.SegmentSize);
    }

    /// <summary>The packet, IP header included.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The frame as it was, its headers in <paramref name="room"/>.</summary>
    public TransmitFrame Restore(Span<byte> room)
    {
        var frame =
            new TransmitFrame(room, new ReadOnlySequence<byte>(_bytes, _headerLength, _bytes.Length - _headerLength));
        if (_checksumStart >= 0)
        {
            _bytes.AsSpan(_checksumStart, _headerLength - _checksumStart).CopyTo(
                frame.Prepend(_headerLength - _checksumStart));
            frame.RequestChecksum(_checksumOffset);
            _bytes.AsSpan(0, _checksumStart).CopyTo(frame.Prepend(_checksumStart));
        }
        else
            _bytes.AsSpan(0, _headerLength).CopyTo(frame.Prepend(_headerLength));

        if (_segmentation != Segmentation.None)
            frame.RequestSegmentation(_segmentation, _segmentSize);
        return frame;
    }
}
