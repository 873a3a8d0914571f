using System.Diagnostics;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>A link over a descriptor that gives and takes one frame a call: a TAP, or a unix socket of
/// packets.</summary>
internal sealed unsafe class DescriptorLink : Link, ILoopInput, IDescriptorHandler
{
    private const int BatchFramesMax = 64;
    // Merged frames are long: let their acknowledgements go out in between.
    private const int BatchBytesMax = 512 * 1024;
    private const int FrameMax = 65_535 + 14 + 4; // An IP packet, the Ethernet header and a VLAN tag.
    private const int SegmentationMax = 65_535;

    private readonly EventLoop _loop;
    private readonly FrameDescriptor _device;
    private readonly DescriptorWatch _watch;
    private readonly GatherWriter _writer = new();
    private readonly byte[] _buffer;
    private readonly QueueGroup? _group;
    private FrameSink? _sink;
    private NetworkCounters _counters;
    private int _batch = 1;
    private bool _isRequested;
    private bool _isClosed;

    /// <exception cref="IOException">The descriptor cannot be watched; it stays the caller's.</exception>
    public DescriptorLink(UnixHost host, FrameDescriptor device, MacAddress mac, QueueGroup? group = null)
    {
        (_loop, _device, _group) = (host.Loop, device, group);
        _buffer = GC.AllocateUninitializedArray<byte>(FrameMax + device.VnetHeaderLength, pinned: true);
        Info = new NetworkInfo(mac, device.Mtu)
        {
            ChecksumOffload = device.Offload >= LinkOffload.Tcp,
            SegmentationLimit = device.Offload >= LinkOffload.Tcp ? SegmentationMax : 0,
            QueueCount = group?.Count ?? 0,
            Queue = group is null ? 0 : host.Queue,
            UdpSegmentationLimit = device.Offload >= LinkOffload.Udp ? SegmentationMax : 0,
        };
        _watch = host.Driver.Watch(device.Descriptor, this);
        group?.Join(Info.Queue, _loop, TakeShared);
    }

    public override NetworkInfo Info { get; }

    public override NetworkCounters Counters => _counters;

    public override void Listen(FrameSink sink) => _sink = sink;

    public override WriteStatus Write(ref TransmitFrame frame)
    {
        if (_isClosed)
            return WriteStatus.Disconnected;
        if (frame.Length - EthernetHeader.FixedSize > Info.LimitOf(frame.Segmentation))
            return WriteStatus.TooLong;

        Debug.Assert(Info.ChecksumOffload || !frame.NeedsChecksum, "The stack asks only for what the link declares.");
        var length = frame.Length;
        PrependVnetHeader(ref frame);
        var written = _writer.Write(_device.Descriptor, frame.Header, frame.Payload);
        frame.Strip(_device.VnetHeaderLength);
        if (written >= 0)
        {
            _counters = _counters with
            {
                SentFrames = _counters.SentFrames + 1,
                SentBytes = _counters.SentBytes + length,
            };
            return WriteStatus.Ok;
        }

        // EAGAIN, an interface that is down, a peer that has gone: the frame is lost, as on a wire.
        CountDropped();
        return WriteStatus.Full;
    }

    public void Ready(DescriptorEvents events)
    {
        if ((events & DescriptorEvents.Readable) == 0 || _isRequested)
            return;
        _isRequested = true;
        _loop.RequestInput(this);
    }

    // As many frames as came the last time, and twice as many when all of those were there: so that what they are
    // answered with goes out before a read that would only say that there is nothing. The peer may answer meanwhile:
    // only a first read that finds nothing ends the reading.
    public bool TakeBatch()
    {
        var bytes = 0;
        for (var count = 0; count < _batch && bytes < BatchBytesMax; count++)
        {
            if (_isClosed || ReadFrame() is not (> 0 and var length))
            {
                _batch = Math.Max(count, 1);
                _isRequested = count > 0 && !_isClosed;
                return _isRequested;
            }

            bytes += length;
            Take(_buffer.AsSpan(0, length));
        }

        _batch = Math.Min(2 * _batch, BatchFramesMax);
        return !_isClosed;
    }

    public override ValueTask Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _group?.Leave(Info.Queue);
            if (_isRequested)
                _loop.WithdrawInput(this);
            _isRequested = false;
            _watch.Dispose();
            _ = Libc.Close(_device.Descriptor);
        }

        return ValueTask.CompletedTask;
    }

    // Zero is the end of a socket whose peer has gone. An error other than EAGAIN means that nothing comes any more
    // either.
    private int ReadFrame()
    {
        fixed (byte* start = _buffer)
        {
            while (true)
            {
                var count = (int)Libc.Read(_device.Descriptor, start, _buffer.Length);
                if (count >= 0 || Errno.Last != Errno.Interrupted)
                    return count;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_device.VnetHeaderLength == 0)
        {
            HandUp(new ReceivedFrame(bytes));
            return;
        }

        if (bytes.Length < _device.VnetHeaderLength || VnetHeader.Parse(bytes, out var header) != ParseStatus.Ok)
        {
            CountDropped();
            return;
        }

        var frame = bytes[_device.VnetHeaderLength..];
        if (header.Fits(frame.Length))
            HandUp(new ReceivedFrame(frame, header.IsChecksumValid, header.MergedSegmentSize));
        else
            CountDropped();
    }

    private void TakeShared(byte[] frame)
    {
        if (!_isClosed)
            HandUp(new ReceivedFrame(frame));
    }

    private void HandUp(in ReceivedFrame frame)
    {
        if (_group is not null && Info.Queue == 0)
            _group.Share(frame.Bytes);
        if (_sink is not { } sink)
        {
            CountDropped();
            return;
        }

        _counters = _counters with
        {
            ReceivedFrames = _counters.ReceivedFrames + 1,
            ReceivedBytes = _counters.ReceivedBytes + frame.Bytes.Length,
        };
        sink.Input(frame);
    }

    private void CountDropped() => _counters = _counters with { Dropped = _counters.Dropped + 1 };

    private void PrependVnetHeader(ref TransmitFrame frame)
    {
        if (_device.VnetHeaderLength == 0)
            return;
        var header = VnetHeader.For(frame);
        var room = frame.Prepend(_device.VnetHeaderLength);
        // The longer form ends in num_buffers, which means nothing towards the kernel.
        room[VnetHeader.Length..].Clear();
        header.Emit(room);
    }
}
