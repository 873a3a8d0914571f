namespace Mirage.Net;

/// <summary>How much may be in flight. Loss is found elsewhere; here is what it means.</summary>
internal interface ICongestionControl
{
    /// <summary>Bytes that may be in flight; never less than a segment.</summary>
    long WindowBytes { get; }

    /// <summary>Bytes below which the window is opened fast.</summary>
    long ThresholdBytes { get; }

    /// <summary>The handshake is over, or the size of a segment has changed.</summary>
    void SetSegmentSize(int bytes);

    /// <summary>Begins; <paramref name="isSynLost"/> when the SYN had to be sent again.</summary>
    void Start(bool isSynLost);

    /// <summary>New bytes were acknowledged outside of fast recovery.</summary>
    void OnAcknowledged(in TcpAckSample sample);

    /// <summary>Duplicates tell of a loss with <paramref name="inFlight"/> bytes out.</summary>
    void OnLoss(int inFlight, long nowNs);

    /// <summary>The loss is repaired.</summary>
    void OnRecovered(int inFlight, long nowNs);

    /// <summary>The retransmission timer expired; <paramref name="isFirst"/> unless for the same bytes again.</summary>
    void OnTimeout(int inFlight, bool isFirst, long nowNs);

    /// <summary>Nothing was sent for longer than the RTO.</summary>
    void OnIdle();
}
