namespace Mirage.Net;

/// <summary>Finds losses by time: a piece is lost when one that was sent later has arrived and a reordering window has
/// passed. RFC 8985 section 6.2.</summary>
internal struct RackDetector(TcpControlBlock block)
{
    private const int MultiplierMax = 16; // The window is held below a round trip besides.
    private const int RecoveriesKept = 16; // RFC 8985 section 6.2 step 4: RACK.reo_wnd_persist.
    private const int DuplicateThreshold = TcpLimits.DuplicateAcksMax;

    private long _sentNs; // RACK.xmit_ts
    private uint _end; // RACK.end_seq
    private long _rttNs; // RACK.rtt
    private bool _hasSample;
    private bool _isReordering; // RACK.reordering_seen
    private int _multiplier = 1; // RACK.reo_wnd_mult
    private int _recoveriesLeft;
    private uint? _duplicateRoundEnd; // RACK.dsack_round

    /// <summary>How long a piece may arrive after one that was sent later.</summary>
    public long ReorderingWindowNs { get; private set; }

    /// <summary>Steps 1 to 4: what an acknowledgment confirms.</summary>
    /// <param name="digest">What it says.</param>
    /// <param name="repeatClock">Our clock when something was sent again last: an older echo is of the first
    /// copy.</param>
    /// <param name="una">SND.UNA.</param>
    /// <param name="next">SND.NXT.</param>
    /// <param name="nowNs">The time.</param>
    public void Take(in TcpAckDigest digest, uint? repeatClock, uint una, uint next, long nowNs)
    {
        if (digest.Latest is { } latest)
            Advance(latest, nowNs);
        if (digest.LatestRepeat is { } repeat && !IsOfFirstCopy(digest, repeat, repeatClock, nowNs))
            Advance(repeat, nowNs);
        _isReordering |= digest.IsReordered;
        Widen(digest, una, next);
    }

    /// <summary>Nothing had been lost: what arrives late is late by reordering.</summary>
    public void OnUndone() => _isReordering = true;

    /// <summary>A recovery is over: a window that was widened is not kept for ever.</summary>
    public void OnRecovered()
    {
        if (_recoveriesLeft > 0 && --_recoveriesLeft == 0)
            _multiplier = 1;
    }

    /// <summary>Step 5: marks what is lost and waits for what may still arrive.</summary>
    /// <returns>Numbers that are newly lost.</returns>
    public int Detect(bool isRecovering, long nowNs)
    {
        if (!_hasSample)
            return 0;
        ReorderingWindowNs = Window(isRecovering);
        var lost = block.Recovery.Scoreboard.MarkOverdue(
            _sentNs, _end, _rttNs + ReorderingWindowNs, nowNs, out var waitNs);
        if (waitNs > 0)
            block.Timers.Arm(TcpTimer.Reorder, nowNs, waitNs);
        else
            block.Timers.Stop(TcpTimer.Reorder);
        return lost;
    }

    // Step 2. What is confirmed by a copy that cannot have arrived yet was the first one.
    private bool IsOfFirstCopy(in TcpAckDigest digest, in SentPiece repeat, uint? repeatClock, long nowNs)
    {
        if (digest.Echo is { } echo && repeatClock is { } clock && echo.IsBefore(clock))
            return true;
        return nowNs - repeat.SentNs < block.Rtt.MinimumNs;
    }

    private void Advance(in SentPiece piece, long nowNs)
    {
        _rttNs = Math.Max(0, nowNs - piece.SentNs);
        if (_hasSample && (piece.SentNs < _sentNs || (piece.SentNs == _sentNs && !piece.End.IsAfter(_end))))
            return;
        (_sentNs, _end, _hasSample) = (piece.SentNs, piece.End, true);
    }

    // Step 4: a duplicate says that something was sent again for nothing. Once a round trip.
    private void Widen(in TcpAckDigest digest, uint una, uint next)
    {
        if (_duplicateRoundEnd is { } end && !una.IsBefore(end))
            _duplicateRoundEnd = null;
        if (digest.DuplicateBytes == 0 || _duplicateRoundEnd is not null)
            return;
        _duplicateRoundEnd = next;
        _multiplier = Math.Min(_multiplier + 1, MultiplierMax);
        _recoveriesLeft = RecoveriesKept;
    }

    private long Window(bool isRecovering)
    {
        if (!_isReordering && (isRecovering || block.Recovery.Scoreboard.SackedSegments >= DuplicateThreshold))
            return 0;
        return Math.Min(_multiplier * block.Rtt.MinimumNs / 4, block.Rtt.SmoothedNs ?? 0);
    }
}
