namespace Mirage.Net;

/// <summary>The round trip and the retransmission timeout that follows from it, RFC 6298.</summary>
/// <remarks>The SYN is timed here, everything after it by the scoreboard. A retransmission ends the timing, because
/// what its acknowledgment is for cannot be told: Karn's algorithm, section 3.</remarks>
internal struct RttEstimator
{
    private const int BackoffMax = 16; // Far beyond the limit on the RTO, and a shift that cannot overflow it.
    private long _base = TcpLimits.RtoInitialNs;
    private int _backoff;
    private bool _isTiming;
    private uint _timedEnd;
    private long _timedAtNs;
    private long _smoothedNs = -1; // Before the first measurement.
    private MinimumRtt _minimum;

    public RttEstimator()
    {
    }

    /// <summary>The smoothed round trip; null before the first measurement.</summary>
    public long? SmoothedNs => _smoothedNs < 0 ? null : _smoothedNs;

    /// <summary>The shortest round trip of the last half minute; 0 before the first measurement.</summary>
    public long MinimumNs => _minimum.ValueNs;

    /// <summary>The mean deviation from it.</summary>
    public long VariationNs { get; private set; }

    /// <summary>How long to wait for an acknowledgment, back-off included.</summary>
    public long RtoNs => Math.Min(_base << _backoff, TcpLimits.RtoMaxNs);

    /// <summary>Times what ends before <paramref name="end"/> and is sent now for the first time, unless something is
    /// timed already.</summary>
    public void Start(uint end, long nowNs)
    {
        if (_isTiming)
            return;
        (_isTiming, _timedEnd, _timedAtNs) = (true, end, nowNs);
    }

    /// <summary>Something is sent again: no measurement comes of what is timed.</summary>
    public void Cancel() => _isTiming = false;

    /// <summary>Everything before <paramref name="acknowledgment"/> has arrived: takes the measurement if that ends
    /// one.</summary>
    public void Finish(uint acknowledgment, long nowNs)
    {
        if (!_isTiming || acknowledgment.IsBefore(_timedEnd))
            return;
        _isTiming = false;
        Measure(nowNs - _timedAtNs, nowNs);
    }

    /// <summary>The timer expired: the next wait is twice as long, section 5.5.</summary>
    public void Backoff() => _backoff = Math.Min(_backoff + 1, BackoffMax);

    /// <summary>The timeout was for nothing: the next wait is as long as the measurements say.</summary>
    public void Undo() => _backoff = 0;

    /// <summary>The handshake is over, and its SYN had to be sent again, section 5.7.</summary>
    public void OnSynLost()
    {
        _backoff = 0;
        if (SmoothedNs is null)
            _base = TcpLimits.RtoAfterSynLossNs;
    }

    /// <summary>A round trip took <paramref name="rttNs"/>. A clock that leaps makes one bad measurement, no
    /// more.</summary>
    /// <param name="rttNs">How long it took.</param>
    /// <param name="nowNs">The time.</param>
    /// <param name="isExact">Whether it was timed here; a clock that the peer echoes ticks too seldom for the
    /// minimum.</param>
    public void Measure(long rttNs, long nowNs, bool isExact = true)
    {
        rttNs = Math.Clamp(rttNs, 0, TcpLimits.RtoMaxNs);
        if (isExact)
            _minimum.Take(rttNs, nowNs);
        if (SmoothedNs is not { } smoothed)
        {
            (_smoothedNs, VariationNs) = (rttNs, rttNs / 2); // Section 2.2.
        }
        else
        {
            VariationNs += (Math.Abs(smoothed - rttNs) - VariationNs) / 4; // Section 2.3, beta before alpha.
            _smoothedNs = smoothed + ((rttNs - smoothed) / 8);
        }

        _base = _smoothedNs + Math.Max(TcpLimits.RtoSlackMinNs, 4 * VariationNs);
        _backoff = 0;
    }
}
