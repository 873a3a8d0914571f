namespace Mirage.Net;

/// <summary>
/// Writes frames to a capture file with the time of a host's clock, and sends what it gathered once an iteration.
/// </summary>
internal sealed class PcapWriter : ILoopOutput
{
    private const int BufferSize = 64 * 1024;

    private readonly EventLoop _loop;
    private readonly int _snapLength;
    private readonly byte[] _scratch = new byte[PcapRecordHeader.FixedSize + PcapFileHeader.SnapLengthMax];
    private BufferedStream? _stream;
    private bool _isRequested;

    private readonly Holding _holding;

    public PcapWriter(Host host, Stream stream, int snapLength)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(snapLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapLength, PcapFileHeader.SnapLengthMax);
        (_loop, _snapLength, _stream) = (host.Loop, snapLength, new BufferedStream(stream, BufferSize));
        _holding = host.Holdings.Add("capture files", () => _stream is null ? 0 : 1);
        var header = new PcapFileHeader(snapLength, Nanoseconds: true);
        header.Emit(_scratch);
        Append(header.Size);
    }

    /// <summary>Frames recorded.</summary>
    public long Records { get; private set; }

    public void Write(in TransmitFrame frame)
    {
        if (Reserve(frame.Length) is not { IsEmpty: false } room)
            return;
        frame.CopyTo(room);
        Record(room, completed: !frame.NeedsChecksum);
    }

    public void Write(in ReceivedFrame frame)
    {
        if (Reserve(frame.Bytes.Length) is not { IsEmpty: false } room)
            return;
        frame.Bytes.CopyTo(room);
        Record(room, completed: !frame.ChecksumValid); // What the link vouches for may never have had a checksum.
    }

    public void Flush()
    {
        _isRequested = false;
        Guard(static (stream, _, _) => stream.Flush(), 0);
    }

    public void Close()
    {
        Drop();
        _holding.Dispose();
    }

    private Span<byte> Reserve(int length) =>
        _stream is null || length > PcapFileHeader.SnapLengthMax
            ? []
            : _scratch.AsSpan(PcapRecordHeader.FixedSize, length);

    private void Record(Span<byte> frame, bool completed)
    {
        if (!completed)
            FrameChecksum.Complete(frame);
        var ticks = (_loop.UtcNow - DateTimeOffset.UnixEpoch).Ticks;
        var captured = Math.Min(frame.Length, _snapLength);
        var (seconds, fraction) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        new PcapRecordHeader((uint)seconds, (uint)fraction * 100, captured, frame.Length).Emit(_scratch);
        Records++;
        Append(PcapRecordHeader.FixedSize + captured);
    }

    private void Append(int length)
    {
        Guard(static (stream, bytes, length) => stream.Write(bytes, 0, length), length);
        if (_isRequested)
            return;
        _isRequested = true;
        _loop.RequestFlush(this);
    }

    // A full disk ends the recording, not the network.
    private void Guard(Action<BufferedStream, byte[], int> action, int length)
    {
        try
        {
            if (_stream is not null)
                action(_stream, _scratch, length);
        }
        catch (IOException)
        {
            Drop();
        }
    }

    // Disposing writes what is left of the buffer, which fails again, and closes the file all the same.
    private void Drop()
    {
        var stream = _stream;
        _stream = null;
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // It is known already that this file takes no more.
        }
    }
}
