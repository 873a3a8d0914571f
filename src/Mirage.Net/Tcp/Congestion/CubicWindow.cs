namespace Mirage.Net;

/// <summary>A window that grows as a cubic function of the time since the last congestion: flat where it was then, and
/// steep before and beyond. RFC 9438 section 4.</summary>
internal sealed class CubicWindow : CongestionControl
{
    private const double C = 0.4; // Section 5.1, segments a second³.
    private const double Beta = 0.7; // Section 4.6.
    private const double Alpha = 3 * (1 - Beta) / (1 + Beta); // Section 4.3: what makes it as fair as Reno.

    private HyStart _start = new();
    private double _windowMax; // W_max, segments.
    private double _priorMax;
    private double _priorWindow; // cwnd_prior
    private double _epochWindow; // cwnd_epoch
    private double _renoWindow; // W_est
    private double _rise; // K, seconds.
    private double _growth; // Of a byte.
    private long? _epochNs; // t_epoch; null while no congestion avoidance is under way.
    private long _lastNs;

    public override string Name => "CUBIC";

    private double Window => (double)WindowBytes / SegmentBytes;

    public override void OnAcknowledged(in TcpAckSample sample)
    {
        var sinceNs = sample.NowNs - _lastNs;
        _lastNs = sample.NowNs;
        if (!sample.IsLimited)
        {
            // Section 5.8: time in which the application had nothing to send is no time for the window to grow in.
            _epochNs += sinceNs;
            return;
        }

        if (IsSlowStart)
        {
            Grow(_start.Growth(sample, SegmentBytes));
            if (_start.IsOver(sample))
                ThresholdBytes = WindowBytes;
            return;
        }

        Begin(sample.NowNs);
        Avoid(sample);
    }

    public override void OnIdle()
    {
        base.OnIdle();
        _epochNs = null;
    }

    protected override void Reduce(long inFlight, bool isMark, long nowNs)
    {
        _start.End();
        _priorMax = _windowMax;
        var window = Window;
        // Section 4.7, fast convergence: a flow whose maximum falls makes room for a new one.
        _windowMax = window < _windowMax ? window * (1 + Beta) / 2 : window;
        _priorWindow = window;
        ThresholdBytes = Math.Max(WindowBytes * 7 / 10, 2 * SegmentBytes); // Section 4.6: beta.
        _epochNs = null;
    }

    protected override void OnSegmentSize(double ratio)
    {
        (_windowMax, _priorMax, _priorWindow) = (_windowMax * ratio, _priorMax * ratio, _priorWindow * ratio);
        _epochNs = null;
    }

    protected override void Restore()
    {
        _windowMax = _priorMax;
        _epochNs = null;
    }

    // Section 4.2: congestion avoidance begins where the window is now.
    private void Begin(long nowNs)
    {
        if (_epochNs is not null)
            return;
        _epochNs = nowNs;
        (_epochWindow, _renoWindow, _growth) = (Window, Window, 0);
        if (_epochWindow < _windowMax)
        {
            _rise = CubeRoot((_windowMax - _epochWindow) / C);
        }
        else
        {
            // After slow start that nothing ended, there is no maximum to come back to.
            (_rise, _windowMax) = (0, _epochWindow);
        }
    }

    private void Avoid(in TcpAckSample sample)
    {
        var window = Window;
        var acknowledged = (double)sample.Bytes / SegmentBytes;
        var time = (sample.NowNs - _epochNs!.Value + sample.SmoothedRttNs) / 1e9;
        var beyond = time - _rise;
        var cubic = (C * beyond * beyond * beyond) + _windowMax;
        var target = Math.Clamp(cubic, window, 1.5 * window); // Section 4.2: never down by an acknowledgment.
        // Section 4.3. Once it has reached the old window it grows as Reno does.
        _renoWindow += (_renoWindow >= _priorWindow ? 1 : Alpha) * acknowledged / window;
        // What the formulas give for a round trip is spread over its acknowledgments.
        _growth += Math.Max((target - window) / window * acknowledged, _renoWindow - window) * SegmentBytes;
        if (_growth < 1)
            return;
        var bytes = (long)_growth;
        _growth -= bytes;
        Grow(bytes);
    }

    // Newton's iteration from above, of additions, multiplications and divisions only: its result is the same on every
    // machine, which that of a library function need not be.
    private static double CubeRoot(double value)
    {
        const int Steps = 64;
        if (value <= 0)
            return 0;
        var root = Math.Max(1, value);
        for (var step = 0; step < Steps; step++)
        {
            var next = ((2 * root) + (value / (root * root))) / 3;
            if (next >= root)
                break;
            root = next;
        }

        return root;
    }
}
