namespace Mirage.Net;

/// <summary>What the acknowledgment and the window of a segment mean: RFC 9293 section 3.10.7.4, fifth, and RFC
/// 5681.</summary>
internal sealed class TcpAckInput(TcpSendSpace space, TcpSegmentSize size, TcpSender sender, TcpRecovery recovery,
    TcpPersist persist, RttEstimator rtt, TcpTimestampState timestamps, TcpTimers timers, TcpEcn ecn)
{
    /// <summary>Whether the acknowledgment is one that an honest peer could send: RFC 5961 section 5.2.</summary>
    public bool IsPlausible(uint acknowledgment) => space.IsPlausible(acknowledgment);

    /// <summary>Takes the acknowledgment of a plausible segment.</summary>
    /// <returns><see cref="TcpEvents.Writable"/> when bytes were released from the send queue.</returns>
    public TcpEvents Handle(in TcpSegment segment, long nowNs)
    {
        var header = segment.Header;
        var window = header.Window << space.WindowShift;
        var wasShut = space.Window == 0;
        persist.OnAnswered();
        if (wasShut)
            recovery.Timeouts = 0; // What times out into a shut window is a probe, and this is its answer.
        // What is acknowledged already may still be reported as a duplicate.
        var isNews = space.InFlight > 0 || header.Options.Sack.Count > 0 || recovery.Probe.IsOut;
        var bytes = isNews ? Take(segment, window, nowNs) : 0;
        if (!header.Acknowledgment.IsBefore(space.Unacknowledged))
            space.UpdateWindow(header.Sequence, header.Acknowledgment, window);
        if (wasShut && space.Window > 0)
            Reopen(nowNs);
        return bytes > 0 ? TcpEvents.Writable : TcpEvents.None;
    }

    private int Take(in TcpSegment segment, int window, long nowNs)
    {
        var acknowledgment = segment.Header.Acknowledgment;
        var isDuplicate = IsDuplicate(segment, window);
        var digest = recovery.Scoreboard.Begin();
        digest.Echo = timestamps.IsOn ? segment.Header.Options.Timestamps?.Echo : null;
        var bytes = 0;
        if (acknowledgment.IsAfter(space.Unacknowledged))
        {
            digest.AcknowledgedBytes = space.Unacknowledged.DistanceTo(acknowledgment);
            bytes = space.Acknowledge(acknowledgment);
            recovery.Scoreboard.Acknowledge(acknowledgment, ref digest);
            sender.OnAcknowledged();
        }

        if (recovery.IsSelective)
            TakeSack(segment.Header.Options.Sack, ref digest);
        digest.Marks = ecn.Decode(segment, Math.Max(digest.DeliveredBytes, digest.AcknowledgedBytes), size.Steady);
        Measure(digest, nowNs);
        recovery.OnAcknowledged(digest, bytes, isDuplicate, sender.IsCongestionLimited, nowNs);
        if (space.InFlight == 0)
            timers.Stop(TcpTimer.Retransmit); // RFC 6298 section 5.2.
        else if (digest.AcknowledgedBytes > 0 && timers.IsArmed(TcpTimer.Retransmit) && !recovery.KeepsTimer)
            timers.Arm(TcpTimer.Retransmit, nowNs, RestartNs(nowNs));
        return bytes;
    }

    // Karn's algorithm, RFC 6298 section 3: what was received long ago is acknowledged with what was sent again. RFC
    // 7323 section 4.1: an echo says which copy an acknowledgment is for.
    private void Measure(in TcpAckDigest digest, long nowNs)
    {
        if (digest.FirstSentNs is { } sentNs && digest.LatestRepeat is null)
            rtt.Measure(nowNs - sentNs, nowNs);
        else if (digest.AcknowledgedBytes > 0 && digest.Echo is { } echo)
            rtt.Measure(Math.Max(0, timestamps.Since(echo, nowNs)), nowNs, isExact: false);
    }

    // RFC 2018 section 5; a block that cannot be is passed over.
    private void TakeSack(in TcpSackBlocks sack, ref TcpAckDigest digest)
    {
        for (var index = 0; index < sack.Count; index++)
        {
            var block = sack[index];
            if (!block.Start.IsBefore(block.End))
                continue;
            if (index == 0 && IsReportOfDuplicate(sack))
                (digest.DuplicateBytes, digest.DuplicateEnd) = (block.Start.DistanceTo(block.End), block.End);
            else if (block.Start.IsAfter(space.Unacknowledged) && block.End.IsUpTo(space.Next))
                recovery.Scoreboard.Sack(block, size.Steady, ref digest);
        }
    }

    // RFC 2883 section 4: the first block is of what is acknowledged, or inside of the second one.
    private bool IsReportOfDuplicate(in TcpSackBlocks sack)
    {
        var first = sack[0];
        if (recovery.Retransmits == 0)
            return first.End.IsUpTo(space.Unacknowledged); // The network repeats by itself: of no consequence.
        if (first.End.IsUpTo(space.Unacknowledged))
            return space.Unacknowledged.Plus(-space.WindowMax).IsUpTo(first.Start);
        return sack.Count > 1 && sack[1].Start.IsUpTo(first.Start) && first.End.IsUpTo(sack[1].End);
    }

    // RFC 6298 section 5.3; with little in flight and nothing to follow, the time counts from when the first was sent:
    // RFC 7765 section 4.
    private long RestartNs(long nowNs)
    {
        var isTail = space.InFlight < TcpLimits.RestartSegments * size.Steady && space.Unsent == 0;
        if (!isTail || recovery.Scoreboard.Count == 0)
            return rtt.RtoNs;
        var elapsedNs = nowNs - recovery.Scoreboard[recovery.Scoreboard.FirstSlot].SentNs;
        return elapsedNs > 0 && elapsedNs < rtt.RtoNs ? rtt.RtoNs - elapsedNs : rtt.RtoNs;
    }

    // RFC 5681 section 2. In a shut window it is the answer to a probe.
    private bool IsDuplicate(in TcpSegment segment, int window) =>
        segment.SequenceLength == 0 && segment.Header.Acknowledgment == space.Unacknowledged
        && (space.InFlight > 0 || recovery.Probe.IsOut) && window == space.Window && window > 0;

    // The peer dropped what was beyond its window, the byte of a probe at least: send it again without waiting for a
    // timer.
    private void Reopen(long nowNs)
    {
        persist.Stop();
        rtt.Undo(); // The probes were answered: it was not the path that they waited for.
        if (space.InFlight > 0)
            recovery.MarkLost(nowNs);
    }
}
