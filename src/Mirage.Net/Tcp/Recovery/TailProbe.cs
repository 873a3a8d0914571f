namespace Mirage.Net;

/// <summary>The tail loss probe of RFC 8985 section 7: when the last acknowledgments do not come, one segment is sent
/// to draw one, before the retransmission timer expires.</summary>
internal struct TailProbe(TcpControlBlock block)
{
    private uint? _end; // TLP.end_seq
    private bool _isRepeat; // TLP.is_retrans

    /// <summary>Whether a probe is to be sent now.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Whether a probe is out and not answered.</summary>
    public bool IsOut => _end is not null;

    /// <summary>Something new is in flight or was acknowledged: the probe's time starts anew, section 7.2.</summary>
    public void Schedule(bool isOpen, int segment, long nowNs)
    {
        if (!isOpen || IsOut || block.Space.InFlight == 0 || block.Recovery.Scoreboard.SackedBytes > 0)
        {
            block.Timers.Stop(TcpTimer.Probe);
            IsDue = false;
            return;
        }

        var waitNs = block.Rtt.SmoothedNs is { } smoothed ? 2 * smoothed : TcpLimits.RtoInitialNs;
        if (block.Space.InFlight <= segment)
            waitNs += TcpLimits.DelayedAckWorstNs; // The peer may wait for a second segment.
        var expiryNs = (block.Timers.DueNs(TcpTimer.Retransmit) ?? nowNs + block.Rtt.RtoNs) - nowNs;
        waitNs = Math.Min(Math.Max(waitNs, TcpLimits.ProbeMinNs), expiryNs);
        block.Timers.Arm(TcpTimer.Probe, nowNs, Math.Max(0, waitNs));
    }

    /// <summary>The timer expired: a probe is due unless everything is acknowledged.</summary>
    public void OnTimeout() => IsDue = block.Space.InFlight > 0 && !IsOut;

    /// <summary>The probe is sent; <paramref name="isRepeat"/> when it is no new data.</summary>
    public void OnSent(bool isRepeat)
    {
        IsDue = false;
        (_end, _isRepeat) = (block.Space.Next, isRepeat);
    }

    /// <summary>No probe can be sent now.</summary>
    public void Skip() => IsDue = false;

    /// <summary>Section 7.4: an acknowledgment while a probe is out.</summary>
    /// <returns>Whether the probe repaired a loss that nothing else has told of.</returns>
    public bool OnAcknowledged(in TcpAckDigest digest, bool isDuplicate)
    {
        if (_end is not { } end || block.Space.Unacknowledged.IsBefore(end))
            return false;
        var isBoth = !_isRepeat || (digest.DuplicateBytes > 0 && digest.DuplicateEnd == end);
        if (isBoth)
        {
            _end = null;
            return false;
        }

        if (block.Space.Unacknowledged.IsAfter(end))
        {
            _end = null;
            return true;
        }

        // Both copies arrived when a duplicate follows; until then it is not known.
        if (isDuplicate)
            _end = null;
        return false;
    }

    /// <summary>Recovery begins, or everything in flight is lost.</summary>
    public void Cancel()
    {
        (_end, IsDue) = (null, false);
        block.Timers.Stop(TcpTimer.Probe);
    }
}
