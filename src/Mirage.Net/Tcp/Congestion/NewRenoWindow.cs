namespace Mirage.Net;

/// <summary>Slow start and congestion avoidance of RFC 5681 counted in bytes, RFC 3465.</summary>
internal sealed class NewRenoWindow : CongestionControl
{
    private HyStart _start = new();
    private long _acknowledged;

    public override string Name => "NewReno";

    public override void OnAcknowledged(in TcpAckSample sample)
    {
        // RFC 5681 section 4.1 and RFC 7661: a window that is not used is not validated by its acknowledgments.
        if (!sample.IsLimited)
            return;
        if (IsSlowStart)
        {
            Grow(_start.Growth(sample, SegmentBytes));
            if (_start.IsOver(sample))
                ThresholdBytes = WindowBytes;
            return;
        }

        _acknowledged += sample.Bytes; // RFC 5681 section 3.1, equation 3 by bytes: a segment for each window.
        if (_acknowledged < WindowBytes)
            return;
        _acknowledged -= WindowBytes;
        Grow(SegmentBytes);
    }

    protected override void Reduce(long inFlight, bool isMark, long nowNs)
    {
        _start.End();
        ThresholdBytes = Math.Max(inFlight / 2, 2 * SegmentBytes); // RFC 5681 section 3.1, equation 4.
        _acknowledged = 0;
    }
}
