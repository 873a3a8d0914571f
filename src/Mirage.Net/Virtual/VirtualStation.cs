namespace Mirage.Net;

/// <summary>One port of a hub: the queue of what the others sent, and who listens.</summary>
internal sealed class VirtualStation(VirtualSegment segment, NetworkInfo info) : ILoopInput
{
    private const int BatchFrames = 64; // Enough to share one acknowledgement, few enough that timers are not late.
    private const int EthernetMinimum = 60; // IEEE 802.3: the shortest frame without its check sequence.

    private readonly Queue<FrameBuffer> _queue = new();
    private FrameSink? _listener;
    private bool _isRequested;
    private NetworkCounters _counters;

    public NetworkInfo Info => info;

    public NetworkCounters Counters => _counters;

    public bool IsConnected { get; private set; } = true;

    public void Listen(FrameSink listener) => _listener = listener;

    public WriteStatus Write(ref TransmitFrame frame)
    {
        var status = IsConnected ? segment.Carry(this, ref frame) : WriteStatus.Disconnected;
        _counters = status is WriteStatus.Ok
            ? _counters with { SentFrames = _counters.SentFrames + 1, SentBytes = _counters.SentBytes + frame.Length }
            : _counters with { Dropped = _counters.Dropped + 1 };
        return status;
    }

    /// <summary>Queues a copy of a frame of another port; false when the queue is full.</summary>
    public bool TryEnqueue(ref TransmitFrame frame)
    {
        if (_queue.Count >= segment.Options.QueueFrames)
        {
            _counters = _counters with { Dropped = _counters.Dropped + 1 };
            return false;
        }

        var buffer = segment.Pool.Rent(frame);
        if (segment.Options.Pad)
            buffer.Pad(EthernetMinimum);
        _queue.Enqueue(buffer);
        if (!_isRequested)
        {
            _isRequested = true;
            segment.Loop.RequestInput(this);
        }

        return true;
    }

    public bool TakeBatch()
    {
        for (var count = 0; count < BatchFrames && _queue.TryDequeue(out var buffer); count++)
        {
            if (_listener is null)
            {
                _counters = _counters with { Dropped = _counters.Dropped + 1 };
            }
            else
            {
                _counters = _counters with
                {
                    ReceivedFrames = _counters.ReceivedFrames + 1,
                    ReceivedBytes = _counters.ReceivedBytes + buffer.Length,
                };
                _listener.Input(buffer.Received(vouch: segment.Options.ChecksumOffload));
            }

            segment.Pool.Return(buffer);
        }

        return _isRequested = _queue.Count > 0;
    }

    public void Disconnect()
    {
        IsConnected = false;
        _listener = null;
        while (_queue.TryDequeue(out var buffer))
            segment.Pool.Return(buffer);
        if (_isRequested)
            segment.Loop.WithdrawInput(this);
        _isRequested = false;
        segment.Detach(this);
    }
}
