namespace Mirage.Net;

/// <summary>What a connection counts for <see cref="TcpInfo"/>, and the snapshot that is made of it.</summary>
internal struct TcpInspection(TcpControlBlock block)
{
    private long _segmentsIn;
    private long _segmentsOut;

    /// <summary>A segment has arrived.</summary>
    public void OnArrived() => _segmentsIn++;

    /// <summary>A segment is sent; the device makes several of what is too long.</summary>
    public void OnSent(in TcpTransmit transmit) =>
        _segmentsOut += Math.Max(1, (transmit.Length + transmit.SegmentSize - 1) / transmit.SegmentSize);

    public TcpInfo Info => new()
    {
        State = block.State,
        HasWindowScale = block.Window.IsScaled,
        HasSack = block.Sack.IsOn,
        HasTimestamps = block.Timestamps.IsOn,
        HasEcn = block.Ecn.IsOn,
        SmoothedRtt = block.Rtt.SmoothedNs is { } rttNs ? Span(rttNs) : null,
        RttVariation = Span(block.Rtt.VariationNs),
        CurrentRto = Span(block.Rtt.RtoNs),
        CurrentCwnd = block.Congestion.WindowBytes,
        CurrentSsthresh = block.Congestion.ThresholdBytes,
        CurrentMss = block.Size.Effective,
        ReceivedMss = block.Acknowledger.SegmentSize,
        Unacknowledged = block.Space.InFlight,
        Unsent = block.Space.Unsent,
        PeerWindow = block.Space.Window,
        OwnWindow = block.Window.Size(block.Receiver.Next),
        Unread = block.Unread.Length,
        OctetsAcknowledged = block.OctetsAcknowledged,
        OctetsReceived = block.Receiver.Octets,
        SegmentsOut = _segmentsOut,
        SegmentsRetransmitted = block.Recovery.Retransmits,
        Sacked = block.Recovery.Scoreboard.SackedBytes,
        Lost = block.Recovery.Scoreboard.LostBytes,
        DeliveryRate = block.Recovery.Rate.Latest,
        PacingRate = block.Pacer.BytesPerSecond,
        SegmentsMarked = block.Ecn.Accurate?.PeerMarks ?? 0,
        SegmentsIn = _segmentsIn,
    };

    private static TimeSpan Span(long nanoseconds) => new(nanoseconds / TimeSpan.NanosecondsPerTick);
}
