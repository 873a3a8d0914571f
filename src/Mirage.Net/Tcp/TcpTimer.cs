namespace Mirage.Net;

/// <summary>What a connection waits for.</summary>
internal enum TcpTimer
{
    /// <summary>An acknowledgment of what is in flight, SYN and FIN included, RFC 6298.</summary>
    Retransmit,

    /// <summary>What was sent earlier than something that has arrived, RFC 8985 section 6.3.</summary>
    Reorder,

    /// <summary>The last acknowledgments of what is in flight, RFC 8985 section 7.</summary>
    Probe,

    /// <summary>The time at which the next segment may leave.</summary>
    Pace,

    /// <summary>A window to send into, RFC 9293 section 3.8.6.1, or company for a small segment, section
    /// 3.8.6.2.1.</summary>
    Persist,

    /// <summary>Company for an acknowledgment, RFC 9293 section 3.8.6.3.</summary>
    DelayedAck,

    /// <summary>A peer that says nothing, RFC 9293 section 3.8.4.</summary>
    KeepAlive,

    /// <summary>A peer that acknowledges nothing, for as long as the application bears: RFC 5482.</summary>
    User,

    /// <summary>The FIN of a peer that nobody reads from.</summary>
    FinWait2,

    /// <summary>The end of old segments, RFC 9293 section 3.4.2.</summary>
    TimeWait,
}
