namespace Mirage.Net;

/// <summary>Keep-alives, RFC 9293 section 3.8.4: whether a peer that says nothing is still there.</summary>
/// <remarks>A probe is an acknowledgment of a number that the peer has left behind, which it answers whether it knows
/// of keep-alives or not. While something is in flight, or the window is shut, the peer is asked by that.</remarks>
internal sealed class TcpKeepAlive(TcpParameters parameters, TcpSendSpace space, TcpTimers timers)
{
    private long _heardNs;
    private int _probes;

    /// <summary>Whether a probe is to be sent.</summary>
    public bool IsDue { get; private set; }

    /// <summary>The peer said something.</summary>
    public void OnReceived(long nowNs) => (_heardNs, _probes, IsDue) = (nowNs, 0, false);

    /// <summary>The connection is established.</summary>
    public void Watch(long nowNs)
    {
        if (parameters.KeepAliveNs == 0 || timers.IsArmed(TcpTimer.KeepAlive))
            return;
        _heardNs = nowNs;
        timers.Arm(TcpTimer.KeepAlive, nowNs, parameters.KeepAliveNs);
    }

    /// <summary>The timer expired.</summary>
    /// <returns>False when the peer has not answered for too long.</returns>
    public bool OnTimeout(long nowNs)
    {
        var silentNs = nowNs - _heardNs;
        var isAskedOtherwise = space.InFlight > 0 || timers.IsArmed(TcpTimer.Persist);
        if (isAskedOtherwise || (_probes == 0 && silentNs < parameters.KeepAliveNs))
        {
            timers.Arm(TcpTimer.KeepAlive, isAskedOtherwise ? nowNs : _heardNs, parameters.KeepAliveNs);
            return true;
        }

        // RFC 5482 section 1: how long the application bears a peer that is gone counts, if it says so.
        var isOver = parameters.UserTimeoutNs > 0
            ? _probes > 0 && silentNs >= parameters.UserTimeoutNs
            : _probes >= parameters.KeepAliveCount;
        if (isOver)
            return false;
        _probes++;
        IsDue = true;
        timers.Arm(TcpTimer.KeepAlive, nowNs, parameters.KeepAliveIntervalNs);
        return true;
    }

    /// <summary>The probe is on its way.</summary>
    public void OnProbed() => IsDue = false;
}
