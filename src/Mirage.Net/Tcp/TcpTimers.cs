using System.Runtime.CompilerServices;

namespace Mirage.Net;

/// <summary>The timers of a connection as data: when each is due.</summary>
internal struct TcpTimers
{
    private const int Count = (int)TcpTimer.TimeWait + 1;
    private const long Off = long.MaxValue;
    private DueTimes _due;

    public TcpTimers() => Clear();

    /// <summary>When the next one is due; null while none is armed.</summary>
    public long? NextNs
    {
        get
        {
            var next = Off;
            foreach (var due in _due)
                next = Math.Min(next, due);
            return next == Off ? null : next;
        }
    }

    public bool IsArmed(TcpTimer timer) => _due[(int)timer] != Off;

    /// <summary>When a timer is due; null while it is not armed.</summary>
    public long? DueNs(TcpTimer timer) => IsArmed(timer) ? _due[(int)timer] : null;

    /// <summary>Arms a timer anew. A time that a clock cannot reach counts as its last one.</summary>
    public void Arm(TcpTimer timer, long nowNs, long delayNs) =>
        _due[(int)timer] = nowNs < Off - 1 - delayNs ? nowNs + delayNs : Off - 1;

    public void Stop(TcpTimer timer) => _due[(int)timer] = Off;

    public void Clear()
    {
        for (var timer = 0; timer < Count; timer++)
            _due[timer] = Off;
    }

    /// <summary>Stops a timer that is due and says that it was.</summary>
    public bool TryExpire(TcpTimer timer, long nowNs)
    {
        if (!IsArmed(timer) || _due[(int)timer] > nowNs)
            return false;
        Stop(timer);
        return true;
    }

    [InlineArray(Count)]
    private struct DueTimes
    {
        private long _first;
    }
}
