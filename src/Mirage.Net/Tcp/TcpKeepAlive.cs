namespace Mirage.Net;

/// <summary>Keep-alives, RFC 9293 section 3.8.4: whether a peer that says nothing is still there.</summary>
/// <remarks>A probe is an acknowledgment of a number that the peer has left behind, which it answers whether it knows
/// of keep-alives or not. While something is in flight, or the window is shut, the peer is asked by that.</remarks>
internal struct TcpKeepAlive(TcpControlBlock block)
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
        if (block.Parameters.KeepAliveNs == 0 || block.Timers.IsArmed(TcpTimer.KeepAlive))
            return;
        _heardNs = nowNs;
        block.Timers.Arm(TcpTimer.KeepAlive, nowNs, block.Parameters.KeepAliveNs);
    }

    /// <summary>The timer expired.</summary>
    /// <returns>False when the peer has not answered for too long.</returns>
    public bool OnTimeout(long nowNs)
    {
        var silentNs = nowNs - _heardNs;
        var isAskedOtherwise = block.Space.InFlight > 0 || block.Timers.IsArmed(TcpTimer.Persist);
        if (isAskedOtherwise || (_probes == 0 && silentNs < block.Parameters.KeepAliveNs))
        {
            block.Timers.Arm(TcpTimer.KeepAlive, isAskedOtherwise ? nowNs : _heardNs, block.Parameters.KeepAliveNs);
            return true;
        }

        // RFC 5482 section 1: how long the application bears a peer that is gone counts, if it says so.
        var isOver = block.Parameters.UserTimeoutNs > 0
            ? _probes > 0 && silentNs >= block.Parameters.UserTimeoutNs
            : _probes >= block.Parameters.KeepAliveCount;
        if (isOver)
            return false;
        _probes++;
        IsDue = true;
        block.Timers.Arm(TcpTimer.KeepAlive, nowNs, block.Parameters.KeepAliveIntervalNs);
        return true;
    }

    /// <summary>The probe is on its way.</summary>
    public void OnProbed() => IsDue = false;
}
