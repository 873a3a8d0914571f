namespace Mirage.Net;

/// <summary>Slow start and congestion avoidance of RFC 5681 counted in bytes, RFC 3465, from the initial window of RFC
/// 6928.</summary>
internal sealed class NewReno : ICongestionControl
{
    private int _segment = TcpLimits.MssDefaultV4;
    private long _initial;
    private long _acknowledged;

    public long WindowBytes { get; private set; } = TcpLimits.MssDefaultV4;

    public long ThresholdBytes { get; private set; } = int.MaxValue; // RFC 5681 section 3.1: arbitrarily high.

    public void SetSegmentSize(int bytes)
    {
        _segment = bytes;
        _initial = Math.Min(TcpLimits.InitialWindowSegments * bytes, Math.Max(2 * bytes, TcpLimits.InitialWindowBytes));
        WindowBytes = Math.Max(WindowBytes, bytes);
    }

    // RFC 5681 section 3.1: after the loss of a SYN the initial window is one segment.
    public void Start(bool isSynLost) => WindowBytes = isSynLost ? _segment : _initial;

    public void OnAcknowledged(in TcpAckSample sample)
    {
        if (!sample.IsLimited)
            // RFC 5681 section 4.1 and RFC 7661: a window that is not used is not validated by its acknowledgments.
            return;
        if (WindowBytes < ThresholdBytes)
        {
            // RFC 3465 section 2.3: an acknowledgment after a timeout may be for bytes that arrived long ago.
            var limit = (sample.IsRepair ? 1 : TcpLimits.SlowStartSegmentsMax) * _segment;
            Grow(Math.Min(sample.Bytes, limit));
            return;
        }

        _acknowledged += sample.Bytes; // RFC 5681 section 3.1, equation 3 by bytes: a segment for each window.
        if (_acknowledged < WindowBytes)
            return;
        _acknowledged -= WindowBytes;
        Grow(_segment);
    }

    public void OnLoss(int inFlight, long nowNs)
    {
        Reduce(inFlight);
        WindowBytes = ThresholdBytes;
    }

    // RFC 6582 section 3.2 step 3, option 1: no burst when little is in flight.
    public void OnRecovered(int inFlight, long nowNs) =>
        WindowBytes = Math.Min(ThresholdBytes, Math.Max(inFlight, _segment) + _segment);

    public void OnTimeout(int inFlight, bool isFirst, long nowNs)
    {
        if (isFirst)
            Reduce(inFlight);
        WindowBytes = _segment; // RFC 5681 section 3.1: the loss window.
        _acknowledged = 0;
    }

    // RFC 5681 section 4.1: the path may have changed.
    public void OnIdle() => WindowBytes = Math.Min(WindowBytes, _initial);

    private void Reduce(int inFlight)
    {
        ThresholdBytes = Math.Max(inFlight / 2, 2 * _segment); // RFC 5681 section 3.1, equation 4.
        _acknowledged = 0;
    }

    private void Grow(long bytes) => WindowBytes = Math.Min(WindowBytes + bytes, int.MaxValue);
}
