using System.Buffers;
using System.Diagnostics;

namespace Mirage;

/// <summary>A frame on its way down: headers, built back to front in one buffer, and a gather list of
/// payload.</summary>
/// <remarks>
/// Each layer prepends its header; nothing is copied on the way. The device writes <see cref="Header"/> followed by
/// <see cref="Payload"/> before the call returns, so both may be reused afterwards.
/// <code>
///   room:  | free … | vnet_hdr | Ethernet | IP | TCP |      payload: | segment | segment | …
///                     start →  (moves to the left)             end
/// </code></remarks>
public ref struct TransmitFrame
{
    /// <summary>Bytes of room that fit every header this system emits, a device's own included.</summary>
    public const int Room = 256;

    private readonly Span<byte> _room;
    private int _start;
    private int _checksumStart;
    private ushort _checksumOffset;

    /// <summary>A frame without headers. <paramref name="room"/> has <see cref="Room"/> bytes, usually of the
    /// stack.</summary>
    public TransmitFrame(Span<byte> room, ReadOnlySequence<byte> payload)
    {
        _room = room;
        _start = room.Length;
        _checksumStart = -1;
        Payload = payload;
    }

    /// <summary>What follows the headers.</summary>
    public ReadOnlySequence<byte> Payload { get; }

    /// <summary>The headers prepended so far, outermost first.</summary>
    public readonly Span<byte> Header => _room[_start..];

    /// <summary>Headers and payload, bytes.</summary>
    public readonly int Length => _room.Length - _start + (int)Payload.Length;

    /// <summary>Whether somebody below has to complete a checksum: the field holds the folded pseudo-header sum so
    /// far.</summary>
    public readonly bool NeedsChecksum => _checksumStart >= 0;

    /// <summary>Where summing begins, from the start of <see cref="Header"/>; virtio's csum_start.</summary>
    public readonly int ChecksumStart => _checksumStart - _start;

    /// <summary>Where the sum is stored, from <see cref="ChecksumStart"/>; virtio's csum_offset.</summary>
    public readonly int ChecksumOffset => _checksumOffset;

    /// <summary>How the device is to cut the payload.</summary>
    public Segmentation Segmentation { get; private set; }

    /// <summary>Payload bytes of each cut packet; virtio's gso_size. Zero without segmentation.</summary>
    public ushort SegmentSize { get; private set; }

    /// <summary>Makes room for a header in front of what is there. The bytes are not cleared.</summary>
    public Span<byte> Prepend(int length)
    {
        Debug.Assert(length <= _start, "The headers of all layers fit the room.");
        _start -= length;
        return _room.Slice(_start, length);
    }

    /// <summary>Takes the outermost <paramref name="length"/> bytes of header off again, for a frame that is sent
    /// twice.</summary>
    public void Strip(int length)
    {
        Debug.Assert(length <= _room.Length - _start, "Only what was prepended is stripped.");
        _start += length;
    }

    /// <summary>Asks the device to sum from the header prepended last to the end of the frame and store it at
    /// <paramref name="offset"/>.</summary>
    public void RequestChecksum(int offset)
    {
        _checksumStart = _start;
        _checksumOffset = (ushort)offset;
    }

    /// <summary>Withdraws the request: the sum was completed in software.</summary>
    public void ChecksumCompleted() => _checksumStart = -1;

    /// <summary>Asks the device to cut the payload into packets of <paramref name="size"/> bytes.</summary>
    public void RequestSegmentation(Segmentation kind, int size)
    {
        Segmentation = kind;
        SegmentSize = (ushort)size;
    }

    /// <summary>Copies the whole frame to the start of <paramref name="destination"/>, which has <see cref="Length"/>
    /// bytes.</summary>
    public readonly void CopyTo(Span<byte> destination)
    {
        Header.CopyTo(destination);
        Payload.CopyTo(destination[Header.Length..]);
    }
}
