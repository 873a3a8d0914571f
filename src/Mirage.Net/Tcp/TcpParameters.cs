namespace Mirage.Net;

/// <summary>What a connection is made with.</summary>
internal sealed record TcpParameters
{
    /// <summary>This end.</summary>
    public required Endpoint Local { get; init; }

    /// <summary>The peer's end.</summary>
    public required Endpoint Remote { get; init; }

    /// <summary>The largest segment payload that the link takes without options: MTU - 40 for IPv4, MTU - 60 for
    /// IPv6.</summary>
    public required int Mss { get; init; }

    /// <summary>Makes the congestion window of the connection.</summary>
    public required Func<CongestionControl> Congestion { get; init; }

    /// <summary>Whether what a window allows is spread over the round trip.</summary>
    public bool Pacing { get; init; } = true;

    /// <summary>The most payload the device cuts itself; 0 when it cuts none.</summary>
    public int SegmentationLimit { get; init; }

    /// <summary>Bytes that the receive queue takes to begin with.</summary>
    public int ReceiveBuffer { get; init; } = TcpLimits.ReceiveBufferInitial;

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

    /// <summary>Whether this end asks for explicit congestion notification when it opens, RFC 3168 section 6.1.1.
    /// A peer that asks is answered in any case, as Linux does unless it is told otherwise.</summary>
    public bool AsksForEcn { get; init; }

    /// <summary>What the connection's timestamps are ahead of the stack's clock by, RFC 7323 section 5.4: unguessable,
    /// and the same for every connection between these ends.</summary>
    public uint TimestampOffset { get; init; }

    /// <summary>Unguessable to the peer and different for each connection: it spaces challenge acknowledgments, RFC
    /// 5961 section 7.</summary>
    public ulong Secret { get; init; }
}
