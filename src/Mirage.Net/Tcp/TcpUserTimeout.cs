namespace Mirage.Net;

/// <summary>How long the application bears that nothing is acknowledged: RFC 9293 section 3.10.8, and RFC
/// 5482.</summary>
internal struct TcpUserTimeout(TcpControlBlock block)
{
    private uint _from;

    /// <summary>Whether there is one: no number of attempts counts then.</summary>
    public bool IsSet => block.Parameters.UserTimeoutNs > 0;

    /// <summary>Whether the peer still owes what it was waited for: an acknowledgment may have come while nobody
    /// looked at the clock.</summary>
    public bool IsOverdue => _from == block.Space.Unacknowledged && IsWaiting;

    private bool IsWaiting =>
        block.Space.InFlight > 0 || (block.Space.Window == 0 && block.Timers.IsArmed(TcpTimer.Persist));

    /// <summary>Everything that may be sent now was: time runs while the peer owes an acknowledgment or a
    /// window, from its last one.</summary>
    public void Watch(long nowNs)
    {
        if (!IsSet)
            return;
        if (!IsWaiting)
        {
            block.Timers.Stop(TcpTimer.User);
        }
        else if (!block.Timers.IsArmed(TcpTimer.User) || _from != block.Space.Unacknowledged)
        {
            _from = block.Space.Unacknowledged;
            block.Timers.Arm(TcpTimer.User, nowNs, block.Parameters.UserTimeoutNs);
        }
    }
}
