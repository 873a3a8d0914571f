namespace Mirage.Net;

/// <summary>
/// What a TCP has done, by the names of <see href="https://www.rfc-editor.org/rfc/rfc4022">RFC 4022</see> where it has
/// one, and otherwise by those of Linux.
/// </summary>
public readonly record struct TcpCounters
{
    /// <summary>Connections that this end began.</summary>
    public long ActiveOpens { get; init; }

    /// <summary>Connections that peers began: SYNs that were remembered, and cookies that came back.</summary>
    public long PassiveOpens { get; init; }

    /// <summary>Segments received, those in error included.</summary>
    public long InSegs { get; init; }

    /// <summary>Segments sent, those with a reset included; one that the device cuts counts once.</summary>
    public long OutSegs { get; init; }

    /// <summary>Segments that were malformed or damaged.</summary>
    public long InErrs { get; init; }

    /// <summary>Resets sent to segments of no connection, and in the place of a handshake.</summary>
    public long OutRsts { get; init; }

    /// <summary>SYNs and completed handshakes that found as many connections waiting to be accepted as the backlog
    /// has places.</summary>
    public long ListenOverflows { get; init; }

    /// <summary>SYNs and completed handshakes that were dropped: by an overflow, or because the stack has as many
    /// connections as it may.</summary>
    public long ListenDrops { get; init; }

    /// <summary>SYNs that were answered with a cookie.</summary>
    public long SyncookiesSent { get; init; }

    /// <summary>Cookies that came back right.</summary>
    public long SyncookiesRecv { get; init; }

    /// <summary>Acknowledgments to a listener that had sent cookies, and of none of them.</summary>
    public long SyncookiesFailed { get; init; }

    /// <summary>Connections that left TIME-WAIT early because too many were in it.</summary>
    public long TCPTimeWaitOverflow { get; init; }

    /// <summary>Connections that left it early for a new one between the same ends.</summary>
    public long TWRecycled { get; init; }

    /// <summary>Segments of connections that were dropped because they were old by their timestamp, RFC 7323 section
    /// 5.</summary>
    public long PAWSEstab { get; init; }

    /// <summary>How often the queues of all connections began to hold more than half of what they may.</summary>
    public long TCPMemoryPressures { get; init; }

    /// <summary>Connections that gave up what had arrived beyond a hole, because they held too much together.</summary>
    public long OfoPruned { get; init; }

    /// <summary>Connections that were reset for that reason, after the application had let go of them.</summary>
    public long TCPAbortOnMemory { get; init; }
}
