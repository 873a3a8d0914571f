namespace Mirage.Net;

/// <summary>The timestamps of a connection, RFC 7323 sections 3 to 5: our clock, and what we know of the
/// peer's.</summary>
/// <param name="offset">What our clock is ahead of the stack's by: unguessable and the same for connections between the
/// same ends, so that the clock tells nobody how long this host is up (RFC 7323 section 5.4) and rises from one
/// connection to the next (RFC 6191).</param>
internal struct TcpTimestampState(uint offset)
{
    /// <summary>Bytes of the option in a segment.</summary>
    public const int OptionSize = 12;

    private const long RecentNs = 24L * 24 * 3600 * 1_000_000_000; // Section 5.5: 24 days.
    private long _recentAtNs;
    private uint _lastAcknowledged; // Last.ACK.sent

    /// <summary>Whether both SYNs had the option.</summary>
    public bool IsOn { get; private set; }

    /// <summary>TS.Recent: what is echoed.</summary>
    public uint Recent { get; private set; }

    /// <summary>Segments that were dropped because they were old by their clock: PAWSEstab of Linux.</summary>
    public long Rejected { get; set; }

    /// <summary>Segments that were dropped because they had no timestamps.</summary>
    public long Missing { get; set; }

    /// <summary>Our clock.</summary>
    public uint Clock(long nowNs) => TcpTimestampClock.At(offset, nowNs);

    /// <summary>The time since our clock said <paramref name="echo"/>, in whole ticks.</summary>
    public long Since(uint echo, long nowNs) => unchecked((int)(Clock(nowNs) - echo)) * TcpTimestampClock.TickNs;

    /// <summary>The peer's SYN has the option, and so had or will have ours.</summary>
    public void Start(uint value, uint next, long nowNs)
    {
        IsOn = true;
        _lastAcknowledged = next;
        Take(value, nowNs);
    }

    /// <summary>The option of a segment that is sent, once both SYNs had it.</summary>
    public TcpTimestamps? Stamp(long nowNs) => IsOn ? new(Clock(nowNs), Recent) : null;

    /// <summary>A segment that acknowledges <paramref name="next"/> is sent.</summary>
    public void OnSent(uint next) => _lastAcknowledged = next;

    /// <summary>Whether a segment is old by its clock, so that its sequence number may be of the time before the
    /// numbers wrapped: PAWS, RFC 7323 section 5.3, R1.</summary>
    public bool IsOld(uint value, long nowNs) =>
        // Section 5.5: after 24 days without a segment the clock of the peer may have wrapped itself.
        value.IsBefore(Recent) && nowNs - _recentAtNs <= RecentNs;

    /// <summary>An acceptable segment is taken. RFC 7323 section 4.3 (2): its clock is echoed unless it is for bytes
    /// beyond those which the last acknowledgment left open. So the echo is of the first segment that a delayed
    /// acknowledgment is for, and of the last one before a hole.</summary>
    public void OnAccepted(uint sequence, uint value, long nowNs)
    {
        if (sequence.IsUpTo(_lastAcknowledged) && !IsOld(value, nowNs))
            Take(value, nowNs);
    }

    private void Take(uint value, long nowNs) => (Recent, _recentAtNs) = (value, nowNs);
}
