namespace Mirage.Net;

/// <summary>Slow start that ends before it fills the queue of the bottleneck: HyStart++ of RFC 9406.</summary>
internal struct HyStart
{
    private const int SamplesMin = 8; // N_RTT_SAMPLE
    private const int RoundsMax = 5; // CSS_ROUNDS
    private const int Divisor = 4; // CSS_GROWTH_DIVISOR
    private const int RttDivisor = 8; // MIN_RTT_DIVISOR
    private const long ThresholdMinNs = 4_000_000; // MIN_RTT_THRESH
    private const long ThresholdMaxNs = 16_000_000; // MAX_RTT_THRESH

    private long _roundEnd; // Bytes delivered at which the round is over.
    private long _lastNs = long.MaxValue; // lastRoundMinRTT
    private long _currentNs = long.MaxValue; // currentRoundMinRTT
    private long _baselineNs; // cssBaselineMinRtt
    private int _samples;
    private int _rounds; // Rounds of conservative slow start.
    private int _remainder;
    private bool _isConservative;
    private bool _isOver;

    public HyStart()
    {
    }

    /// <summary>Bytes by which an acknowledgment opens the window.</summary>
    public long Growth(in TcpAckSample sample, int segment)
    {
        // RFC 3465 section 2.3: an acknowledgment after a timeout may be for bytes that arrived long ago.
        var limit = (sample.IsRepair ? 1 : TcpLimits.SlowStartSegmentsMax) * segment;
        long bytes = Math.Min(sample.Bytes, limit);
        if (!_isConservative || _isOver)
            return bytes;
        bytes += _remainder;
        _remainder = (int)(bytes % Divisor);
        bytes /= Divisor;
        return bytes;
    }

    /// <summary>Takes the round trip of an acknowledgment. True when the window is wide enough: the queue at the
    /// bottleneck has been growing for some rounds.</summary>
    public bool IsOver(in TcpAckSample sample)
    {
        if (_isOver)
            return false;
        if (sample.PriorDelivered >= _roundEnd)
            BeginRound(sample);
        if (sample.RttNs > 0)
        {
            _currentNs = Math.Min(_currentNs, sample.RttNs);
            _samples++;
        }

        if (_samples < SamplesMin || _currentNs == long.MaxValue)
            return false;
        if (_isConservative)
        {
            if (_currentNs < _baselineNs)
                (_isConservative, _baselineNs) = (false, 0); // It was noise: section 4.2.
        }
        else if (_lastNs != long.MaxValue
            && _currentNs >= _lastNs + Math.Clamp(_lastNs / RttDivisor, ThresholdMinNs, ThresholdMaxNs))
        {
            (_isConservative, _baselineNs, _rounds, _remainder) = (true, _currentNs, 0, 0);
        }

        _isOver = _isConservative && _rounds >= RoundsMax;
        return _isOver;
    }

    /// <summary>The network was congested: what follows is no initial slow start, which is all that this is
    /// for.</summary>
    public void End() => _isOver = true;

    private void BeginRound(in TcpAckSample sample)
    {
        _roundEnd = sample.Delivered + 1;
        (_lastNs, _currentNs, _samples) = (_currentNs, long.MaxValue, 0);
        if (_isConservative)
            _rounds++;
    }
}
