namespace Mirage.Net;

/// <summary>The limits of a connection, each with where its value comes from.</summary>
internal static class TcpLimits
{
    /// <summary>Kinds of connections, by their options and paths, that share one object of parameters: more than an
    /// application and its routes make.</summary>
    public const int ParametersMax = 64;

    /// <summary>Retransmissions of a SYN: with back-off the last one is given up after 183 s. RFC 9293 section 3.8.3
    /// asks for at least three minutes.</summary>
    public const int SynRetransmitsMax = 7;

    /// <summary>Retransmissions of a SYN and ACK, 63 s: a half-open connection is memory that anybody can ask for, RFC
    /// 4987.</summary>
    public const int SynAckRetransmitsMax = 5;

    /// <summary>Retransmissions of data without any progress: R2 of RFC 9293 section 3.8.3, which asks for at least 100
    /// s. Even over the shortest path, fifteen of them take more than 400 s.</summary>
    public const int RetransmitsMax = 15;

    /// <summary>Window probes without any answer. A peer that answers may keep its window shut for ever, section
    /// 3.8.6.1.</summary>
    public const int ProbesUnansweredMax = 15;

    /// <summary>Window probes of a connection that nobody here has any more, without the peer taking a byte: with
    /// back-off several minutes. RFC 6429 section 3 leaves it to the system how much a peer that reads nothing may have
    /// kept for it.</summary>
    public const int ProbesDetachedMax = 10;

    /// <summary>RFC 6298 section 2.1.</summary>
    public const long RtoInitialNs = 1_000_000_000;

    /// <summary>The first RTO for data after a SYN was lost without a measurement, RFC 6298 section 5.7.</summary>
    public const long RtoAfterSynLossNs = 3_000_000_000;

    /// <summary>RFC 6298 section 2.5 asks for at least 60 s where there is a limit.</summary>
    public const long RtoMaxNs = 60_000_000_000;

    /// <summary>What the RTO is above the smoothed round trip at least. RFC 6298 section 2.4 says one second for the
    /// whole RTO, from the time of 500 ms clocks. Every stack in use has 200 ms: longer than a peer delays an
    /// acknowledgment by in practice, and five times fewer seconds lost to a lost tail. That it is counted from the
    /// round trip keeps it safe on long paths.</summary>
    public const long RtoSlackMinNs = 200_000_000;

    /// <summary>How long a peer may delay an acknowledgment at worst: WCDelAckT of RFC 8985 section 7.2.</summary>
    public const long DelayedAckWorstNs = 200_000_000;

    /// <summary>The least time after which a tail loss probe is sent: what a timer of the peer may be late
    /// by.</summary>
    public const long ProbeMinNs = 10_000_000;

    /// <summary>Segments in flight below which the retransmission timer counts from when the first was sent, because no
    /// three duplicates can come: RFC 7765 section 4.</summary>
    public const int RestartSegments = 4;

    /// <summary>How long an acknowledgment may wait for company: RFC 9293 section 3.8.6.3 says less than 500
    /// ms.</summary>
    public const long DelayedAckNs = 40_000_000;

    /// <summary>Segments that are each acknowledged at once when a peer begins to send: its window opens by
    /// acknowledgments, RFC 5681 section 3.1, and its first flight is ten segments. Linux has a like number.</summary>
    public const int QuickAcks = 8;

    /// <summary>How long a peer sends nothing before it begins anew: the least retransmission timeout, after which RFC
    /// 5681 section 4.1 takes its window back to that of a beginning.</summary>
    public const long QuickAckIdleNs = RtoSlackMinNs;

    /// <summary>What a receive queue takes to begin with, and at most when its reader is fast: 6 MiB as Linux, which is
    /// 500 Mbit/s over 100 ms.</summary>
    public const int ReceiveBufferInitial = 1 << 17, ReceiveBufferMax = 6 << 20;

    /// <summary>What the receive queues of a stack may grow by together.</summary>
    public const long ReceiveGrowthMax = 64 << 20;

    /// <summary>How long a segment waits which only silly-window avoidance holds back: RFC 9293 section 3.8.6.2.1, 0.1
    /// to 1 s.</summary>
    public const long OverrideNs = 200_000_000;

    /// <summary>TIME-WAIT: twice a segment lifetime of 30 s, as Linux. RFC 9293 section 3.4.2 takes two minutes for the
    /// lifetime, which is far beyond what a packet lives for today.</summary>
    public const long TimeWaitNs = 60_000_000_000;

    /// <summary>How long FIN-WAIT-2 waits for a peer's FIN that nobody here reads for. RFC 9293 has no such limit,
    /// every stack has.</summary>
    public const long FinWait2Ns = 60_000_000_000;

    /// <summary>The least MSS that a peer can make us use: less costs more header than payload
    /// (CVE-2019-11479).</summary>
    public const int MssFloor = 64;

    /// <summary>The MSS of a peer that does not say, RFC 9293 section 3.7.1.</summary>
    public const int MssDefaultV4 = 536, MssDefaultV6 = 1220;

    /// <summary>The least path MTU that an ICMP error can make us use: RFC 1122 section 3.3.3's 576, and RFC 8200
    /// section 5's 1280.</summary>
    public const int PathMtuFloorV4 = 576, PathMtuFloorV6 = 1280;

    /// <summary>The MTU that a search for a path's begins at, RFC 8899 section 5.1.2.</summary>
    public const int PathMtuBase = 1200;

    /// <summary>RFC 7323 section 2.3.</summary>
    public const int WindowScaleMax = 14;

    /// <summary>The largest window without scaling.</summary>
    public const int WindowUnscaledMax = 65535;

    /// <summary>Stretches of bytes held beyond a hole. Enough for a window of a megabyte that lost every second segment
    /// of 1460.</summary>
    public const int RangesMax = 512;

    /// <summary>Duplicates that make a retransmission, RFC 5681 section 3.2.</summary>
    public const int DuplicateAcksMax = 3;

    /// <summary>Segments by which one acknowledgment opens the window in slow start: L of RFC 3465 section 2.2, with
    /// the value of RFC 9406 section 4.3, because an acknowledgment of today is for many segments that a device
    /// merged.</summary>
    public const int SlowStartSegmentsMax = 8;

    /// <summary>RFC 6928 section 2.</summary>
    public const int InitialWindowSegments = 10, InitialWindowBytes = 14600;

    /// <summary>Challenge acknowledgments in about a second, RFC 5961 section 7.</summary>
    public const int ChallengesMin = 4, ChallengesSpread = 8;

    /// <summary>How long a peer has for the answer to a keep-alive, and how often it is asked, unless somebody says
    /// otherwise: as Linux.</summary>
    public const long KeepAliveIntervalNs = 75_000_000_000;

    /// <inheritdoc cref="KeepAliveIntervalNs"/>
    public const int KeepAliveCount = 9;

    /// <summary>Connections of a stack. A SYN beyond them is not answered.</summary>
    public const int ConnectionsMax = 1 << 17;

    /// <summary>Half-open connections of a listener that are remembered, unless it says otherwise.</summary>
    public const int HalfOpenPerListener = 1024;

    /// <summary>Half-open connections of a stack that are remembered: 3 MiB.</summary>
    public const int HalfOpenMax = 16_384;

    /// <summary>Connections to other hosts that are not decided on or not completed, unless somebody says
    /// otherwise.</summary>
    public const int ForwardsMax = 1024;

    /// <summary>How long one may wait for the decision: about as long as peers repeat a SYN.</summary>
    public const long ForwardDecisionNs = 120_000_000_000;

    /// <summary>Challenge acknowledgments of a connection that is half open, or in TIME-WAIT, in all: it lives for a
    /// minute.</summary>
    public const int ShadowChallengesMax = 8;

    /// <summary>Bytes that the queues of a stack hold, see <see cref="TcpMemory"/>.</summary>
    public const long MemoryMax = 256L << 20;

    /// <summary>What a connection is offered that nobody has accepted yet, or when memory is tight: no less than a SYN
    /// offers.</summary>
    public const int TightWindow = WindowUnscaledMax;

    /// <summary>Connections of a stack in TIME-WAIT: 6 MiB.</summary>
    public const int TimeWaitMax = 32_768;
}
