namespace Mirage.Net;

/// <summary>Probing of a window that is shut, RFC 9293 section 3.8.6.1.</summary>
internal sealed class TcpPersist(TcpSendSpace space, TcpTimers timers, RttEstimator rtt)
{
    private const int BackoffMax = 16;
    private int _backoff;
    private int _unanswered;

    /// <summary>Whether a segment is to go out whatever the window and silly-window avoidance say.</summary>
    public bool IsDue { get; private set; }

    private long IntervalNs => Math.Min(rtt.RtoNs << _backoff, TcpLimits.RtoMaxNs);

    /// <summary>There is something to send that may not be sent, and nothing in flight whose acknowledgment could
    /// change that.</summary>
    public void Wait(long nowNs)
    {
        if (!timers.IsArmed(TcpTimer.Persist))
            timers.Arm(TcpTimer.Persist, nowNs, space.Window > 0 ? TcpLimits.OverrideNs : IntervalNs);
    }

    /// <summary>The timer expired.</summary>
    /// <returns>False when the peer has not answered for too long.</returns>
    public bool OnTimeout(long nowNs)
    {
        IsDue = space.Next != space.End || space.InFlight > 0;
        if (!IsDue || space.Window > 0)
            return true; // What is due now is a small segment: the window is open.

        // Section 3.8.6.1: the interval grows exponentially, and probing goes on for as long as the peer answers.
        _backoff = Math.Min(_backoff + 1, BackoffMax);
        timers.Arm(TcpTimer.Persist, nowNs, IntervalNs);
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
        timers.Stop(TcpTimer.Persist);
    }
}
