namespace Mirage.Net;

/// <summary>Finds losses without selective acknowledgments: RFC 5681 section 3.2 and RFC 6582. Each duplicate says that
/// one segment has left the network.</summary>
internal struct DuplicateDetector(TcpControlBlock block)
{
    private int _segments;

    /// <summary>Bytes that have left the network by what duplicates tell.</summary>
    public int Bytes => _segments * block.Size.Steady;

    /// <summary>Forgets what was counted.</summary>
    public void Clear() => _segments = 0;

    /// <summary>Counts an acknowledgment.</summary>
    /// <param name="acknowledged">Numbers that it is the first to acknowledge.</param>
    /// <param name="isDuplicate">Whether it is a duplicate: RFC 5681 section 2.</param>
    /// <param name="phase">What is done about losses.</param>
    /// <param name="end">In fast recovery, one past what was sent when the loss was found. No more duplicates count
    /// than there were segments, or a peer that repeats itself could ask for any rate.</param>
    /// <returns>Bytes that it is the first to tell of.</returns>
    public int Take(int acknowledged, bool isDuplicate, RecoveryPhase phase, uint end)
    {
        var segment = block.Size.Steady;
        var before = _segments;
        if (isDuplicate && phase is not RecoveryPhase.Timeout)
        {
            var most = phase is RecoveryPhase.Fast
                ? Math.Max(0, block.Space.Unacknowledged.DistanceTo(end) - 1) / segment
                : TcpLimits.DuplicateAcksMax;
            _segments = Math.Min(before + 1, most);
            return Math.Max(0, _segments - before) * segment;
        }

        if (acknowledged == 0)
            return 0;
        // It is for the hole and for segments that duplicates have told of.
        var covered = Math.Max(0, (acknowledged / segment) - 1);
        _segments = phase is RecoveryPhase.Fast ? Math.Max(0, before - covered) : 0;
        return Math.Max(0, acknowledged - ((before - _segments) * segment));
    }

    /// <summary>Marks what is lost.</summary>
    /// <param name="hasAdvanced">Whether the acknowledgment moves on: in fast recovery it shows the next hole, RFC 6582
    /// section 3.2 step 3.</param>
    /// <param name="isDuplicate">Whether it is a duplicate; the third one tells of a loss.</param>
    /// <param name="phase">What is done about losses.</param>
    /// <param name="end">One past what a timeout has sent again: duplicates of that tell of no loss, step 2.</param>
    /// <returns>Numbers that are newly lost.</returns>
    public int Detect(bool hasAdvanced, bool isDuplicate, RecoveryPhase phase, uint end)
    {
        var before = block.Recovery.Scoreboard.LostBytes;
        var isThird = phase is RecoveryPhase.Open && isDuplicate && _segments == TcpLimits.DuplicateAcksMax
            && block.Space.Unacknowledged.IsAfter(end);
        if (isThird || (phase is RecoveryPhase.Fast && hasAdvanced))
            block.Recovery.Scoreboard.MarkFirstLost(block.Size.Steady);
        return block.Recovery.Scoreboard.LostBytes - before;
    }
}
