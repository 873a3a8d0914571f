namespace Mirage.Net;

/// <summary>How long the application bears that nothing is acknowledged: RFC 9293 section 3.10.8, and RFC
/// 5482.</summary>
internal sealed class TcpUserTimeout(TcpParameters parameters, TcpSendSpace space, TcpTimers timers)
{
    private uint _from;

    /// <summary>Whether there is one: no number of attempts counts then.</summary>
    public bool IsSet => parameters.UserTimeoutNs > 0;

    /// <summary>Whether the peer still owes what it was waited for: an acknowledgment may have come while nobody
    /// looked at the clock.</summary>
    public bool IsOverdue => _from == space.Unacknowledged && IsWaiting;

    private bool IsWaiting => space.InFlight > 0 || (space.Window == 0 && timers.IsArmed(TcpTimer.Persist));

    /// <summary>Everything that may be sent now was: time runs while the peer owes an acknowledgment or a
    /// window, from its last one.</summary>
    public void Watch(long nowNs)
    {
        if (!IsSet)
            return;
        if (!IsWaiting)
        {
            timers.Stop(TcpTimer.User);
        }
        else if (!timers.IsArmed(TcpTimer.User) || _from != space.Unacknowledged)
        {
            _from = space.Unacknowledged;
            timers.Arm(TcpTimer.User, nowNs, parameters.UserTimeoutNs);
        }
    }
}
