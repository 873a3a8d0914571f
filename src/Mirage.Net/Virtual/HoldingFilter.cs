using System.Diagnostics;

namespace Mirage.Net;

/// <summary>A link that keeps frames back until their time has come.</summary>
internal abstract class HoldingFilter<TNetwork> : LinkFilter<TNetwork> where TNetwork : struct, INetwork<TNetwork>
{
    private const int HeldMax = 16_384; // Frames, both directions together.

    private readonly FramePool _pool;
    private readonly Holding _holding;
    private readonly PriorityQueue<(FrameBuffer Frame, LinkDirections Direction), (long DueNs, long Sequence)> _held =
        new();
    private readonly EventLoop _loop;
    private readonly LoopTimer _timer;
    private long _sequence;
    private bool _isDisconnected;

    protected HoldingFilter(Host host, TNetwork network) : base(network)
    {
        ArgumentNullException.ThrowIfNull(host);
        _loop = host.Loop;
        const string Name = "frames that a link keeps back";
        _pool = new(Name, host.PoisonsReturned);
        _holding = host.Holdings.Add(Name, () => _pool.Rented);
        _timer = _loop.CreateTimer(static self => ((HoldingFilter<TNetwork>)self!).Release(), this);
    }

    protected long NowNs => _loop.NowNs;

    /// <summary>Keeps a copy of a frame on its way down until <paramref name="dueNs"/>.</summary>
    protected WriteStatus Hold(ref TransmitFrame frame, long dueNs)
    {
        if (!HasRoom())
            return WriteStatus.Full;
        Enqueue(_pool.Rent(frame), LinkDirections.Sent, dueNs);
        return WriteStatus.Ok;
    }

    /// <summary>Keeps a copy of a frame on its way up until <paramref name="dueNs"/>.</summary>
    protected void Hold(in ReceivedFrame frame, long dueNs)
    {
        if (!_isDisconnected && HasRoom())
            Enqueue(_pool.Rent(frame), LinkDirections.Received, dueNs);
    }

    public override void Disconnect()
    {
        base.Disconnect();
        _isDisconnected = true;
        _timer.Disarm();
        while (_held.TryDequeue(out var held, out _))
            _pool.Return(held.Frame);
        Debug.Assert(_pool.Rented == 0, "Every buffer was held or is back.");
        _holding.Dispose();
    }

    private bool HasRoom()
    {
        if (_held.Count < HeldMax)
            return true;
        CountOverflow();
        return false;
    }

    private void Enqueue(FrameBuffer frame, LinkDirections direction, long dueNs)
    {
        Count(direction);
        _held.Enqueue((frame, direction), (dueNs, _sequence++));
        if (!_timer.IsArmed || dueNs < _timer.DueNs)
            _timer.Arm(dueNs);
    }

    // What is held meanwhile is due later: its sequence is beyond the last one that was there.
    private void Release()
    {
        var (nowNs, until) = (NowNs, _sequence);
        while (_held.TryPeek(out var held, out var order) && order.DueNs <= nowNs && order.Sequence < until)
        {
            _held.Dequeue();
            if (held.Direction is LinkDirections.Sent)
                held.Frame.Send(Network);
            else
                Deliver(held.Frame.Received());
            _pool.Return(held.Frame);
        }

        if (_held.TryPeek(out _, out var next))
            _timer.Arm(next.DueNs);
    }
}
