namespace Mirage.Net;

/// <summary>When to acknowledge: RFC 9293 section 3.8.6.3 and RFC 5681 section 4.2.</summary>
/// <remarks>Acknowledgments are counted here and sent when the machine is polled, once for a batch of input: one
/// answers for all that is in order. For what is out of order there is one for each segment, up to as many as make the
/// peer send the hole again. The first segments are acknowledged each, so that a peer in slow start is not slowed
/// further.</remarks>
internal struct TcpAcknowledger(TcpControlBlock block)
{
    private int _segmentSize;
    private int _unacknowledged;
    private int _quick = block.Parameters.QuickAcks;
    private long? _lastAtNs;

    /// <summary>How long a segment of the peer is, as far as it has shown; 0 before the first one.</summary>
    public int SegmentSize => _segmentSize;

    /// <summary>Empty segments to be sent now. Any segment that is sent counts for one.</summary>
    public int Owed { get; private set; }

    /// <summary>One is due now.</summary>
    public void OweNow() => Owed = Math.Max(Owed, 1);

    /// <summary>A segment has arrived beyond a hole, or what was in before: its acknowledgment is a
    /// duplicate.</summary>
    public void OnOutOfOrder() => Owed = Math.Min(Owed + 1, TcpLimits.DuplicateAcksMax);

    /// <summary><paramref name="bytes"/> have arrived in order: what is more than one full segment is acknowledged
    /// at once, and one that the peer cannot follow by a second, for the window holds only <paramref name="room"/>
    /// more.</summary>
    public void OnInOrder(int bytes, int room, long nowNs)
    {
        // How long a full segment of the peer is shows in its segments only. A device may hand over several as one.
        _segmentSize = Math.Max(_segmentSize, Math.Min(bytes, block.Parameters.Mss));
        _unacknowledged = Math.Min(_unacknowledged + bytes, 2 * block.Parameters.Mss);
        if (nowNs - _lastAtNs >= TcpLimits.QuickAckIdleNs)
            _quick = block.Parameters.QuickAcks;
        _lastAtNs = nowNs;
        if (_unacknowledged > _segmentSize || room < _segmentSize || _quick > 0)
            OweNow();
        else if (!block.Timers.IsArmed(TcpTimer.DelayedAck))
            block.Timers.Arm(TcpTimer.DelayedAck, nowNs, TcpLimits.DelayedAckNs);
        _quick = Math.Max(0, _quick - 1);
    }

    /// <summary>A segment with an acknowledgment is sent, with payload if <paramref name="hasText"/>.</summary>
    public void OnSent(bool hasText, long nowNs)
    {
        if (hasText && nowNs - _lastAtNs < TcpLimits.DelayedAckNs)
            _quick = 0; // The ends take turns: the next acknowledgment will have company, too.
        Owed = Math.Max(0, Owed - 1);
        _unacknowledged = 0;
        block.Timers.Stop(TcpTimer.DelayedAck);
    }
}
