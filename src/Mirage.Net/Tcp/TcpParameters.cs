namespace Mirage.Net;

/// <summary>What a connection is made with: the same object for all whose application and path ask for the
/// same.</summary>
internal sealed record TcpParameters
{
    public TcpParameters() { }

    /// <summary>What an application asks for.</summary>
    public TcpParameters(FlowOptions options)
    {
        Nagle = options.Nagle;
        ReceiveBuffer = ReceiveBufferOf(options);
        ReceiveBufferMax = ReceiveBufferMaxOf(options);
        KeepAliveNs = Nanoseconds(options.KeepAlive ?? default);
        if (options.KeepAliveInterval > default(TimeSpan))
            KeepAliveIntervalNs = Nanoseconds(options.KeepAliveInterval);
        if (options.KeepAliveCount > 0)
            KeepAliveCount = options.KeepAliveCount;
        UserTimeoutNs = Nanoseconds(options.UserTimeout ?? default);
        (AsksForEcn, AsksForAccurateEcn) = (options.AsksForEcn, options.AsksForEcn);
        (SendBuffer, Linger) = (options.SendBuffer, options.Linger);
    }

    /// <summary>The largest segment payload that the link takes without options: MTU - 40 for IPv4, MTU - 60 for
    /// IPv6.</summary>
    public required int Mss { get; init; }

    /// <summary>Makes the congestion window of the connection.</summary>
    public required Func<CongestionControl> Congestion { get; init; }

    /// <summary>Whether what a window allows is spread over the round trip.</summary>
    public bool Pacing { get; init; } = true;

    /// <summary>The most payload the device cuts itself; 0 when it cuts none.</summary>
    public int SegmentationLimit { get; init; }

    /// <summary>Bytes that the receive queue takes to begin with, unless somebody says otherwise.</summary>
    public const int ReceiveBufferDefault = TcpLimits.ReceiveBufferInitial;

    /// <summary>Bytes that the receive queue takes to begin with.</summary>
    public int ReceiveBuffer { get; init; } = ReceiveBufferDefault;

    /// <summary>Bytes that it takes at most, once the application drains so much in a round trip. It stays as it is
    /// where this is less than <see cref="ReceiveBuffer"/>.</summary>
    public int ReceiveBufferMax { get; init; } = TcpLimits.ReceiveBufferMax;

    /// <summary>What the receive queues of a stack may grow by together; null when only their own limit
    /// counts.</summary>
    public TcpReceiveBudget? ReceiveBudget { get; init; }

    /// <summary>Segments at the beginning, and after a pause, that are each acknowledged at once.</summary>
    public int QuickAcks { get; init; } = TcpLimits.QuickAcks;

    /// <summary>Whether small segments wait for the acknowledgement of what is in flight, RFC 9293 section
    /// 3.7.4.</summary>
    public bool Nagle { get; init; } = true;

    /// <summary>Silence of the peer after which it is asked whether it is there, RFC 9293 section 3.8.4; 0 for
    /// never.</summary>
    public long KeepAliveNs { get; init; }

    /// <summary>What all connections of the stack hold together; null when nobody counts.</summary>
    public TcpMemory? Memory { get; init; }

    /// <summary>Where the stack counts; null when nobody does.</summary>
    public TcpTally? Tally { get; init; }

    /// <summary>How long it has for the answer.</summary>
    public long KeepAliveIntervalNs { get; init; } = TcpLimits.KeepAliveIntervalNs;

    /// <summary>How often it is asked.</summary>
    public int KeepAliveCount { get; init; } = TcpLimits.KeepAliveCount;

    /// <summary>How long the peer may take for an acknowledgment, or keep its window shut: RFC 5482; 0 leaves it to
    /// <see cref="TcpLimits.RetransmitsMax"/>.</summary>
    public long UserTimeoutNs { get; init; }

    /// <summary>Whether this end asks for explicit congestion notification when it opens, RFC 3168 section 6.1.1.
    /// A peer that asks is answered in any case, as Linux does unless it is told otherwise.</summary>
    public bool AsksForEcn { get; init; }

    /// <summary>Whether it then asks for the accurate kind, RFC 9768 section 3.1.1, to which a peer may answer by the
    /// other one.</summary>
    public bool AsksForAccurateEcn { get; init; }

    /// <summary>Bytes that are written before the peer has acknowledged them, beyond which a flush waits; 0 leaves it
    /// to the stack.</summary>
    public int SendBuffer { get; init; }

    /// <summary>What disposing does with bytes that the peer has not acknowledged: <see cref="FlowOptions"/> says
    /// it.</summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>The receive buffer that an application asks for.</summary>
    public static int ReceiveBufferOf(FlowOptions options) => options.ReceiveBuffer > 0
        ? Math.Clamp(options.ReceiveBuffer, TcpLimits.MssFloor, TcpReceiveWindow.BufferMax)
        : ReceiveBufferDefault;

    /// <summary>What it takes at most: a size that somebody has chosen stays.</summary>
    public static int ReceiveBufferMaxOf(FlowOptions options) =>
        options.ReceiveBuffer > 0 ? ReceiveBufferOf(options) : TcpLimits.ReceiveBufferMax;

    private static long Nanoseconds(TimeSpan time) =>
        time <= default(TimeSpan) ? 0 : Math.Min(time.Ticks, long.MaxValue / TimeSpan.NanosecondsPerTick)
            * TimeSpan.NanosecondsPerTick;
}
