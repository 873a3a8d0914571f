namespace Mirage.Net;

/// <summary>Probing of a window that is shut, RFC 9293 section 3.8.6.1.</summary>
internal struct TcpPersist(TcpControlBlock block)
{
    private const int BackoffMax = 16;
    private int _backoff;
    private int _unanswered;

    /// <summary>Whether a segment is to go out whatever the window and silly-window avoidance say.</summary>
    public bool IsDue { get; private set; }

    private long IntervalNs => Math.Min(block.Rtt.RtoNs << _backoff, TcpLimits.RtoMaxNs);

    /// <summary>There is something to send that may not be sent, and nothing in flight whose acknowledgment could
    /// change that.</summary>
    public void Wait(long nowNs)
    {
        if (!block.Timers.IsArmed(TcpTimer.Persist))
            block.Timers.Arm(TcpTimer.Persist, nowNs, block.Space.Window > 0 ? TcpLimits.OverrideNs : IntervalNs);
    }

    /// <summary>The timer expired.</summary>
    /// <returns>False when the peer has not answered for too long.</returns>
    public bool OnTimeout(long nowNs)
    {
        IsDue = block.Space.Next != block.Space.End || block.Space.InFlight > 0;
        if (!IsDue || block.Space.Window > 0)
            return true; // What is due now is a small segment: the window is open.

        // Section 3.8.6.1: the interval grows exponentially, and probing goes on for as long as the peer answers.
        _backoff = Math.Min(_backoff + 1, BackoffMax);
        block.Timers.Arm(TcpTimer.Persist, nowNs, IntervalNs);
        return ++_unanswered <= TcpLimits.ProbesUnansweredMax;
    }

    /// <summary>The probe is on its way.</summary>
    public void OnProbed() => IsDue = false;

    /// <summary>The peer said something.</summary>
    public void OnAnswered() => _unanswered = 0;

    /// <summary>The window is open, or something went out by itself.</summary>
    public void Stop()
    {
        IsDue = false;
        (_backoff, _unanswered) = (0, 0);
        block.Timers.Stop(TcpTimer.Persist);
    }
}
