using System.Buffers;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>
/// A copy of a frame, for a link that keeps it longer than the call in which it was sent or received.
/// </summary>
/// <remarks><code>
///   | room for headers … | header | payload … |
///                        start    Room        Room + payload
/// </code>
/// The whole frame is contiguous; a frame that is sent on has the division into header and payload that it came
/// with.</remarks>
internal sealed class FrameBuffer(int capacity)
{
    // What a device may prepend stays free in front of the header.
    private const int HeaderMax = TransmitFrame.Room - 64;

    private readonly byte[] _array = new byte[TransmitFrame.Room + capacity];
    private int _start;
    private int _checksumStart;
    private int _checksumOffset;
    private Segmentation _segmentation;
    private ushort _segmentSize;
    private bool _checksumValid;

    /// <summary>Bytes of the longest frame that fits whatever its header is.</summary>
    public int Capacity => _array.Length - TransmitFrame.Room;

    public int Length { get; private set; }

    /// <summary>Whether nobody has the buffer: it was returned, and is not handed out again.</summary>
    public bool IsReturned { get; set; }

    public Span<byte> Bytes => _array.AsSpan(_start, Length);

    /// <summary>Takes a copy of a frame on its way down.</summary>
    public void Load(in TransmitFrame frame)
    {
        Begin(frame.Length, Math.Min(frame.Header.Length, HeaderMax));
        frame.CopyTo(Bytes);
        (_segmentation, _segmentSize) = (frame.Segmentation, frame.SegmentSize);
        if (frame.NeedsChecksum)
            (_checksumStart, _checksumOffset) = (frame.ChecksumStart, frame.ChecksumOffset);
        Debug.Assert(_checksumStart <= HeaderMax, "A transport header begins among the headers.");
    }

    /// <summary>Takes a copy of a frame on its way up.</summary>
    public void Load(in ReceivedFrame frame)
    {
        Begin(frame.Bytes.Length, 0);
        frame.Bytes.CopyTo(Bytes);
        (_checksumValid, _segmentSize) = (frame.ChecksumValid, frame.SegmentSize);
    }

    /// <summary>Appends zeros up to <paramref name="length"/> bytes.</summary>
    public void Pad(int length)
    {
        if (Length >= length)
            return;
        _array.AsSpan(_start + Length, length - Length).Clear();
        Length = length;
    }

    /// <summary>Sends the frame that was loaded on its way down.</summary>
    public WriteStatus Send<TNetwork>(TNetwork network) where TNetwork : struct, INetwork<TNetwork>
    {
        var header = TransmitFrame.Room - _start;
        var frame = new TransmitFrame(_array.AsSpan(0, TransmitFrame.Room),
            new ReadOnlySequence<byte>(_array, TransmitFrame.Room, Length - header));
        if (_checksumStart >= 0)
        {
            frame.Prepend(header - _checksumStart);
            frame.RequestChecksum(_checksumOffset);
            frame.Prepend(_checksumStart);
        }
        else
        {
            frame.Prepend(header);
        }

        if (_segmentation is not Segmentation.None)
            frame.RequestSegmentation(_segmentation, _segmentSize);
        return TNetwork.Write(network, ref frame);
    }

    /// <summary>
    /// The frame as it is handed up; <paramref name="vouch"/> says that this link itself does not corrupt.
    /// </summary>
    public ReceivedFrame Received(bool vouch = false) => new(Bytes, _checksumValid || vouch, _segmentSize);

    private void Begin(int length, int header)
    {
        Debug.Assert(length - header <= Capacity, "The pool gave a buffer that fits.");
        (_start, Length) = (TransmitFrame.Room - header, length);
        (_checksumStart, _checksumOffset, _checksumValid) = (-1, 0, false);
        (_segmentation, _segmentSize) = (Segmentation.None, 0);
    }
}
