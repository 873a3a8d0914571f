namespace Mirage.Net;

/// <summary>A window that grows as a cubic function of the time since the last congestion: flat where it was then, and
/// steep before and beyond. RFC 9438 section 4.</summary>
internal sealed class CubicWindow : CongestionControl
{
    private HyStart _start = new();
    private CubicCurve? _curve; // Once slow start is over.
    private long _lastNs;

    public override string Name => "CUBIC";

    private double Window => (double)WindowBytes / SegmentBytes;

    public override void OnAcknowledged(in TcpAckSample sample)
    {
        var sinceNs = sample.NowNs - _lastNs;
        _lastNs = sample.NowNs;
        if (!sample.IsLimited)
        {
            _curve?.Pause(sinceNs);
            return;
        }

        if (IsSlowStart)
        {
            Grow(_start.Growth(sample, SegmentBytes));
            if (_start.IsOver(sample))
                ThresholdBytes = WindowBytes;
            return;
        }

        _curve ??= new();
        Grow(_curve.Growth(sample, Window, SegmentBytes));
    }

    public override void OnIdle()
    {
        base.OnIdle();
        _curve?.Stop();
    }

    protected override void Reduce(long inFlight, bool isMark, long nowNs)
    {
        _start.End();
        _curve ??= new();
        _curve.OnCongestion(Window);
        ThresholdBytes = Math.Max(WindowBytes * 7 / 10, 2 * SegmentBytes); // Section 4.6: beta.
    }

    protected override void OnSegmentSize(double ratio) => _curve?.Scale(ratio);

    protected override void Restore() => _curve?.Restore();
}
