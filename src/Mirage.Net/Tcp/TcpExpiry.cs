namespace Mirage.Net;

/// <summary>What the passing of time does to a connection: RFC 9293 section 3.10.8.</summary>
internal readonly struct TcpExpiry(TcpControlBlock block)
{
    public void Handle(long nowNs)
    {
        ref var timers = ref block.Timers;
        if (timers.TryExpire(TcpTimer.DelayedAck, nowNs))
            block.Acknowledger.OweNow();
        timers.TryExpire(TcpTimer.Pace, nowNs); // Whoever polls next may send.
        if (timers.TryExpire(TcpTimer.Reorder, nowNs))
            block.Recovery.OnReorderingTimeout(nowNs);
        if (timers.TryExpire(TcpTimer.Probe, nowNs))
            Probe(nowNs);
        if (timers.TryExpire(TcpTimer.Retransmit, nowNs))
            Retransmit(nowNs);
        if (timers.TryExpire(TcpTimer.Persist, nowNs) && !IsAbandoned() && !block.Persist.OnTimeout(nowNs)
            && !block.UserTimeout.IsSet)
            GiveUp();
        if ((timers.TryExpire(TcpTimer.User, nowNs) && block.UserTimeout.IsOverdue)
            || (timers.TryExpire(TcpTimer.KeepAlive, nowNs) && !block.KeepAlive.OnTimeout(nowNs)))
            Abandon();
        if (timers.TryExpire(TcpTimer.FinWait2, nowNs) || timers.TryExpire(TcpTimer.TimeWait, nowNs))
            block.Close();
    }

    // RFC 8985 section 7.3: the retransmission timer waits for what the probe brings.
    private void Probe(long nowNs)
    {
        block.Recovery.Probe.OnTimeout();
        if (block.Recovery.Probe.IsDue)
            block.Timers.Arm(TcpTimer.Retransmit, nowNs, block.Rtt.RtoNs);
    }

    private void Retransmit(long nowNs)
    {
        if (block.Space.InFlight == 0 || IsAbandoned())
            return;
        if (block.Recovery.Timeouts >= TimeoutsMax && !block.UserTimeout.IsSet)
        {
            GiveUp();
            return;
        }

        if (block.IsSynchronized)
        {
            block.Recovery.OnTimeout(nowNs);
        }
        else
        {
            block.Recovery.Timeouts++;
            block.IsSynDue = true;
        }

        block.Rtt.Cancel();
        block.Rtt.Backoff();
        block.Timers.Arm(TcpTimer.Retransmit, nowNs, block.Rtt.RtoNs); // RFC 6298 sections 5.5 and 5.6.
    }

    private int TimeoutsMax => block.State switch
    {
        TcpState.SynSent => TcpLimits.SynRetransmitsMax,
        TcpState.SynReceived => block.IsActive ? TcpLimits.SynRetransmitsMax : TcpLimits.SynAckRetransmitsMax,
        _ => TcpLimits.RetransmitsMax,
    };

    // A window that stays shut holds the send queue for ever, which an application bears as long as it has the flow.
    private bool IsAbandoned()
    {
        if (!block.IsDetached || block.Space.Window > 0 || ++block.ProbesDetached <= TcpLimits.ProbesDetachedMax)
            return false;
        Abandon();
        return true;
    }

    // Should the peer be there after all, it is to know.
    private void Abandon()
    {
        if (block.IsSynchronized)
            block.SendReset();
        GiveUp();
    }

    // RFC 1122 section 4.2.3.9: what a router had to say about it is the better reason.
    private void GiveUp() => block.Fail(block.Complaint is { } reason
        ? new TcpError.Unreachable(block.Identity.Remote, reason)
        : new TcpError.Timeout(block.Identity.Remote));
}
