namespace Mirage;

/// <summary>The state of a connection for whoever looks after it: what TCP_INFO of Linux tells, by the names of
/// <see href="https://www.rfc-editor.org/rfc/rfc4898">RFC 4898</see> where it has one.</summary>
/// <remarks>A snapshot. All sizes are in bytes, on either stack.</remarks>
public readonly record struct TcpInfo
{
    /// <summary>The state of RFC 9293 section 3.3.2.</summary>
    public TcpState State { get; init; }

    /// <summary>Whether both ends scale their windows, RFC 7323 section 2.</summary>
    public bool HasWindowScale { get; init; }

    /// <summary>Whether both ends take selective acknowledgments, RFC 2018.</summary>
    public bool HasSack { get; init; }

    /// <summary>Whether both ends send timestamps, RFC 7323 section 3.</summary>
    public bool HasTimestamps { get; init; }

    /// <summary>Whether both ends take part in explicit congestion notification, RFC 3168.</summary>
    public bool HasEcn { get; init; }

    /// <summary>The smoothed round trip of RFC 6298; null before the first measurement.</summary>
    public TimeSpan? SmoothedRtt { get; init; }

    /// <summary>The mean deviation from it.</summary>
    public TimeSpan RttVariation { get; init; }

    /// <summary>The retransmission timeout, back-off included.</summary>
    public TimeSpan CurrentRto { get; init; }

    /// <summary>The congestion window.</summary>
    public long CurrentCwnd { get; init; }

    /// <summary>Where slow start ends; <see cref="int.MaxValue"/> or more before any loss.</summary>
    public long CurrentSsthresh { get; init; }

    /// <summary>Payload of a segment that is sent now: what the path takes, less the options.</summary>
    public int CurrentMss { get; init; }

    /// <summary>Payload of a segment that the peer sends, as far as it has shown.</summary>
    public int ReceivedMss { get; init; }

    /// <summary>Bytes sent and not acknowledged.</summary>
    public long Unacknowledged { get; init; }

    /// <summary>Bytes that the application has written and that were never sent.</summary>
    public long Unsent { get; init; }

    /// <summary>The window that the peer offers.</summary>
    public long PeerWindow { get; init; }

    /// <summary>The window that is offered to the peer.</summary>
    public long OwnWindow { get; init; }

    /// <summary>Bytes received that the application has not taken.</summary>
    public long Unread { get; init; }

    /// <summary>Bytes that the peer has acknowledged.</summary>
    public long OctetsAcknowledged { get; init; }

    /// <summary>Bytes received in order.</summary>
    public long OctetsReceived { get; init; }

    /// <summary>Segments sent; what a device cuts counts as many.</summary>
    public long SegmentsOut { get; init; }

    /// <summary>Segments that were sent again.</summary>
    public long SegmentsRetransmitted { get; init; }

    /// <summary>Bytes in flight that the peer has beyond a hole.</summary>
    public long Sacked { get; init; }

    /// <summary>Bytes in flight that are taken to be lost.</summary>
    public long Lost { get; init; }

    /// <summary>Bytes a second that the peer confirmed of late, by the newest measurement that says what the path
    /// takes; 0 before there was one.</summary>
    public long DeliveryRate { get; init; }

    /// <summary>Bytes a second that leave at most; 0 while nothing is paced.</summary>
    public long PacingRate { get; init; }

    /// <summary>Segments that the peer says routers have marked on their way, as far as it counts them, RFC
    /// 9768.</summary>
    public long SegmentsMarked { get; init; }

    /// <summary>Segments received; what a device has merged may count once.</summary>
    public long SegmentsIn { get; init; }
}
