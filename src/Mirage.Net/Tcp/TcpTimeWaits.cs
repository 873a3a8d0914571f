using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The connections of a stack in TIME-WAIT. When there are too many, the one that has waited longest is
/// forgotten.</summary>
/// <remarks>Who closes first has TIME-WAIT, and a busy server has it often. What RFC 9293 section 3.4.2 keeps it for,
/// old segments in the network, is left to the choice of sequence numbers for those that go early.</remarks>
internal sealed class TcpTimeWaits
{
    private readonly TcpEngine _engine;
    private readonly TcpTally _tally;
    private readonly TcpShadowTable<TcpTimeWait> _table;
    private readonly TcpShadowQueue<TcpTimeWait> _queue = new();
    private readonly LoopTimer _timer;

    public TcpTimeWaits(TcpEngine engine, TcpTally tally, TcpFlowKeyComparer keys)
    {
        (_engine, _tally, _table) = (engine, tally, new(keys));
        _timer = engine.Loop.CreateTimer(static self => ((TcpTimeWaits)self!).HandleTimer(), this);
    }

    public int Count => _table.Count;

    private long NowNs => _engine.Loop.CoarseNs;

    /// <summary>Whether these ends are to be left alone.</summary>
    public bool Contains(TcpFlowKey key) => TryFind(key, out _);

    public bool TryFind(TcpFlowKey key, [NotNullWhen(true)] out TcpTimeWait? waiting)
    {
        waiting = null;
        return _table.Count > 0 && _table.TryFind(key, out waiting);
    }

    /// <summary>A connection begins to wait.</summary>
    public void Add(TcpFlowKey key, in TcpResidue residue)
    {
        if (Count >= TcpLimits.TimeWaitMax && _queue.First is { } oldest)
        {
            _tally.TCPTimeWaitOverflow++;
            Remove(oldest);
        }

        var waiting = _table.Add(key);
        waiting.Start(residue);
        Wait(waiting);
    }

    /// <summary>A segment of a connection that waits.</summary>
    public void Handle(TcpTimeWait waiting, in TcpSegment segment)
    {
        var answer = waiting.Handle(segment);
        if (answer is TcpTimeWaitAnswer.Drop)
            return;
        if (answer is TcpTimeWaitAnswer.Restart)
        {
            _queue.Remove(waiting);
            Wait(waiting);
        }

        _engine.Send(waiting.Key, waiting.Acknowledgment(_engine.TimestampFor(waiting.Key)));
    }

    /// <summary>The ends are free.</summary>
    public void Remove(TcpTimeWait waiting)
    {
        _queue.Remove(waiting);
        _table.Remove(waiting);
    }

    public void Clear()
    {
        while (_queue.First is { } first)
            Remove(first);
        _timer.Disarm();
    }

    private void Wait(TcpTimeWait waiting)
    {
        waiting.DueNs = NowNs + TcpLimits.TimeWaitNs;
        _queue.Add(waiting);
        if (!_timer.IsArmed)
            _timer.Arm(waiting.DueNs); // It looks again when the first one is due.
    }

    private void HandleTimer()
    {
        while (_queue.First is { } first && first.DueNs <= NowNs)
            Remove(first);
        if (_queue.First is { } next)
            _timer.Arm(next.DueNs);
    }
}
