namespace Mirage.Net;

/// <summary>What the acknowledgment and the window of a segment mean: RFC 9293 section 3.10.7.4, fifth, and RFC
/// 5681.</summary>
internal readonly struct TcpAckInput(TcpControlBlock block)
{
    /// <summary>Whether the acknowledgment is one that an honest peer could send: RFC 5961 section 5.2.</summary>
    public bool IsPlausible(uint acknowledgment) => block.Space.IsPlausible(acknowledgment);

    /// <summary>Takes the acknowledgment of a plausible segment.</summary>
    /// <returns><see cref="TcpEvents.Writable"/> when bytes were released from the send queue.</returns>
    public TcpEvents Handle(in TcpSegment segment, long nowNs)
    {
        var header = segment.Header;
        var window = header.Window << block.Space.WindowShift;
        var wasShut = block.Space.Window == 0;
        block.Persist.OnAnswered();
        if (wasShut)
            block.Recovery.Timeouts = 0; // What times out into a shut window is a probe, and this is its answer.
        // What is acknowledged already may still be reported as a duplicate.
        var isNews = block.Space.InFlight > 0 || header.Options.Sack.Count > 0 || block.Recovery.Probe.IsOut;
        var bytes = isNews ? Take(segment, window, nowNs) : 0;
        if (!header.Acknowledgment.IsBefore(block.Space.Unacknowledged))
            block.Space.UpdateWindow(header.Sequence, header.Acknowledgment, window);
        if (wasShut && block.Space.Window > 0)
            Reopen(nowNs);
        return bytes > 0 ? TcpEvents.Writable : TcpEvents.None;
    }

    private int Take(in TcpSegment segment, int window, long nowNs)
    {
        var acknowledgment = segment.Header.Acknowledgment;
        var isDuplicate = IsDuplicate(segment, window);
        var digest = block.Recovery.Scoreboard.Begin();
        digest.Echo = block.Timestamps.IsOn ? segment.Header.Options.Timestamps?.Echo : null;
        var bytes = 0;
        if (acknowledgment.IsAfter(block.Space.Unacknowledged))
        {
            digest.AcknowledgedBytes = block.Space.Unacknowledged.DistanceTo(acknowledgment);
            bytes = block.Space.Acknowledge(acknowledgment);
            block.Recovery.Scoreboard.Acknowledge(acknowledgment, ref digest);
            block.Sender.OnAcknowledged();
        }

        if (block.Recovery.IsSelective)
            TakeSack(segment.Header.Options.Sack, ref digest);
        var delivered = Math.Max(digest.DeliveredBytes, digest.AcknowledgedBytes);
        digest.Marks = block.Ecn.Decode(segment, delivered, block.Size.Steady);
        Measure(digest, nowNs);
        block.Recovery.OnAcknowledged(digest, bytes, isDuplicate, block.Sender.IsCongestionLimited, nowNs);
        if (block.Space.InFlight == 0)
            block.Timers.Stop(TcpTimer.Retransmit); // RFC 6298 section 5.2.
        else if (digest.AcknowledgedBytes > 0 && !block.Recovery.KeepsTimer
            && block.Timers.IsArmed(TcpTimer.Retransmit))
            block.Timers.Arm(TcpTimer.Retransmit, nowNs, RestartNs(nowNs));
        return bytes;
    }

    // Karn's algorithm, RFC 6298 section 3: what was received long ago is acknowledged with what was sent again. RFC
    // 7323 section 4.1: an echo says which copy an acknowledgment is for.
    private void Measure(in TcpAckDigest digest, long nowNs)
    {
        if (digest.FirstSentNs is { } sentNs && digest.LatestRepeat is null)
            block.Rtt.Measure(nowNs - sentNs, nowNs);
        else if (digest.AcknowledgedBytes > 0 && digest.Echo is { } echo)
            block.Rtt.Measure(Math.Max(0, block.Timestamps.Since(echo, nowNs)), nowNs, isExact: false);
    }

    // RFC 2018 section 5; a block that cannot be is passed over.
    private void TakeSack(in TcpSackBlocks sack, ref TcpAckDigest digest)
    {
        for (var index = 0; index < sack.Count; index++)
        {
            var held = sack[index];
            if (!held.Start.IsBefore(held.End))
                continue;
            if (index == 0 && IsReportOfDuplicate(sack))
                (digest.DuplicateBytes, digest.DuplicateEnd) = (held.Start.DistanceTo(held.End), held.End);
            else if (held.Start.IsAfter(block.Space.Unacknowledged) && held.End.IsUpTo(block.Space.Next))
                block.Recovery.Scoreboard.Sack(held, block.Size.Steady, ref digest);
        }
    }

    // RFC 2883 section 4: the first block is of what is acknowledged, or inside of the second one.
    private bool IsReportOfDuplicate(in TcpSackBlocks sack)
    {
        var first = sack[0];
        if (block.Recovery.Retransmits == 0)
            return first.End.IsUpTo(block.Space.Unacknowledged); // The network repeats by itself: of no consequence.
        if (first.End.IsUpTo(block.Space.Unacknowledged))
            return block.Space.Unacknowledged.Plus(-block.Space.WindowMax).IsUpTo(first.Start);
        return sack.Count > 1 && sack[1].Start.IsUpTo(first.Start) && first.End.IsUpTo(sack[1].End);
    }

    // RFC 6298 section 5.3; with little in flight and nothing to follow, the time counts from when the first was sent:
    // RFC 7765 section 4.
    private long RestartNs(long nowNs)
    {
        var isTail = block.Space.InFlight < TcpLimits.RestartSegments * block.Size.Steady && block.Space.Unsent == 0;
        if (!isTail || block.Recovery.Scoreboard.Count == 0)
            return block.Rtt.RtoNs;
        var elapsedNs = nowNs - block.Recovery.Scoreboard[block.Recovery.Scoreboard.FirstSlot].SentNs;
        return elapsedNs > 0 && elapsedNs < block.Rtt.RtoNs ? block.Rtt.RtoNs - elapsedNs : block.Rtt.RtoNs;
    }

    // RFC 5681 section 2. In a shut window it is the answer to a probe.
    private bool IsDuplicate(in TcpSegment segment, int window) =>
        segment.SequenceLength == 0 && segment.Header.Acknowledgment == block.Space.Unacknowledged
        && (block.Space.InFlight > 0 || block.Recovery.Probe.IsOut) && window == block.Space.Window && window > 0;

    // The peer dropped what was beyond its window, the byte of a probe at least: send it again without waiting for a
    // timer.
    private void Reopen(long nowNs)
    {
        block.Persist.Stop();
        block.Rtt.Undo(); // The probes were answered: it was not the path that they waited for.
        if (block.Space.InFlight > 0)
            block.Recovery.MarkLost(nowNs);
    }
}
