namespace Mirage.Net;

/// <summary>What the acknowledgment and the window of a segment mean: RFC 9293 section 3.10.7.4, fifth, and RFC
/// 5681.</summary>
internal sealed class TcpAckInput(
    TcpSendSpace space, TcpSender sender, TcpRecovery recovery, TcpPersist persist, RttEstimator rtt, TcpTimers timers)
{
    /// <summary>Whether the acknowledgment is one that an honest peer could send: RFC 5961 section 5.2.</summary>
    public bool IsPlausible(uint acknowledgment) =>
        acknowledgment.IsUpTo(space.Next) && space.Unacknowledged.Plus(-space.WindowMax).IsUpTo(acknowledgment);

    /// <summary>Takes the acknowledgment of a plausible segment.</summary>
    /// <returns><see cref="TcpEvents.Writable"/> when bytes were released from the send queue.</returns>
    public TcpEvents Handle(in TcpSegment segment, long nowNs)
    {
        var header = segment.Header;
        var window = header.Window << space.WindowShift;
        var events = TcpEvents.None;
        var wasShut = space.Window == 0;
        persist.OnAnswered();
        if (wasShut)
            recovery.Timeouts = 0; // What times out into a shut window is a probe, and this is its answer.

        if (header.Acknowledgment.IsAfter(space.Unacknowledged))
            events = Advance(header.Acknowledgment, nowNs);
        else if (IsDuplicate(segment, window))
            recovery.OnDuplicate(nowNs);
        if (!header.Acknowledgment.IsBefore(space.Unacknowledged))
            space.UpdateWindow(header.Sequence, header.Acknowledgment, window);
        if (wasShut && space.Window > 0)
            Reopen();
        return events;
    }

    private TcpEvents Advance(uint acknowledgment, long nowNs)
    {
        var bytes = space.Acknowledge(acknowledgment);
        rtt.Finish(acknowledgment, nowNs);
        sender.OnAcknowledged();
        var isRestarted = recovery.OnAcknowledged(bytes, sender.IsCongestionLimited, nowNs);
        if (space.InFlight == 0)
            timers.Stop(TcpTimer.Retransmit); // RFC 6298 section 5.2.
        else if (isRestarted && timers.IsArmed(TcpTimer.Retransmit))
            timers.Arm(TcpTimer.Retransmit, nowNs, rtt.RtoNs); // RFC 6298 section 5.3.
        return bytes > 0 ? TcpEvents.Writable : TcpEvents.None;
    }

    // RFC 5681 section 2. In a shut window it is the answer to a probe.
    private bool IsDuplicate(in TcpSegment segment, int window) =>
        segment.SequenceLength == 0 && segment.Header.Acknowledgment == space.Unacknowledged && space.InFlight > 0
        && window == space.Window && window > 0;

    // The peer dropped what was beyond its window, the byte of a probe at least: send it again without waiting for a
    // timer.
    private void Reopen()
    {
        persist.Stop();
        if (space.InFlight > 0)
            recovery.MarkLost();
    }
}
