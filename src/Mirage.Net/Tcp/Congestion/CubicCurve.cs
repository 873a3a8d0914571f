namespace Mirage.Net;

/// <summary>The cubic function of the time since the last congestion, RFC 9438 section 4, in segments and
/// seconds.</summary>
internal sealed class CubicCurve
{
    private const double C = 0.4; // Section 5.1, segments a second³.
    private const double Beta = 0.7; // Section 4.6.
    private const double Alpha = 3 * (1 - Beta) / (1 + Beta); // Section 4.3: what makes it as fair as Reno.

    private double _windowMax; // W_max
    private double _priorMax;
    private double _priorWindow; // cwnd_prior
    private double _renoWindow; // W_est
    private double _rise; // K
    private double _growth; // Of a byte.
    private long? _epochNs; // t_epoch; null while no congestion avoidance is under way.

    /// <summary>Congestion, with a window of <paramref name="window"/> segments.</summary>
    public void OnCongestion(double window)
    {
        _priorMax = _windowMax;
        // Section 4.7, fast convergence: a flow whose maximum falls makes room for a new one.
        _windowMax = window < _windowMax ? window * (1 + Beta) / 2 : window;
        _priorWindow = window;
        _epochNs = null;
    }

    /// <summary>The congestion was none.</summary>
    public void Restore()
    {
        _windowMax = _priorMax;
        _epochNs = null;
    }

    /// <summary>What is counted in segments is <paramref name="ratio"/> times as many from now on.</summary>
    public void Scale(double ratio)
    {
        (_windowMax, _priorMax, _priorWindow) = (_windowMax * ratio, _priorMax * ratio, _priorWindow * ratio);
        _epochNs = null;
    }

    /// <summary>The next acknowledgment begins congestion avoidance anew.</summary>
    public void Stop() => _epochNs = null;

    /// <summary>Section 5.8: time in which the application had nothing to send is no time for the window to grow
    /// in.</summary>
    public void Pause(long forNs) => _epochNs += forNs;

    /// <summary>Whole bytes by which an acknowledgment opens a window of <paramref name="window"/> segments.</summary>
    public long Growth(in TcpAckSample sample, double window, int segment)
    {
        var epochNs = _epochNs ?? Begin(window, sample.NowNs);
        var acknowledged = (double)sample.Bytes / segment;
        var time = (sample.NowNs - epochNs + sample.SmoothedRttNs) / 1e9;
        var beyond = time - _rise;
        var cubic = (C * beyond * beyond * beyond) + _windowMax;
        var target = Math.Clamp(cubic, window, 1.5 * window); // Section 4.2: never down by an acknowledgment.
        // Section 4.3. Once it has reached the old window it grows as Reno does.
        _renoWindow += (_renoWindow >= _priorWindow ? 1 : Alpha) * acknowledged / window;
        // What the formulas give for a round trip is spread over its acknowledgments.
        _growth += Math.Max((target - window) / window * acknowledged, _renoWindow - window) * segment;
        if (_growth < 1)
            return 0;
        var bytes = (long)_growth;
        _growth -= bytes;
        return bytes;
    }

    // Section 4.2: congestion avoidance begins where the window is now.
    private long Begin(double window, long nowNs)
    {
        _epochNs = nowNs;
        (_renoWindow, _growth) = (window, 0);
        if (window < _windowMax)
        {
            _rise = CubeRoot((_windowMax - window) / C);
        }
        else
        {
            // After slow start that nothing ended, there is no maximum to come back to.
            (_rise, _windowMax) = (0, window);
        }

        return nowNs;
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
