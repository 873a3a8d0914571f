namespace Mirage.Net;

/// <summary>The shortest round trip of late, RFC 8985 section 6.2 step 1: a path that has become longer is noticed when
/// the old minimum is of age.</summary>
internal struct MinimumRtt
{
    private const long AgeNs = 30_000_000_000;
    private long _valueNs;
    private long _sinceNs;
    private long _nextNs; // The shortest since half of the age.
    private long _nextSinceNs;

    /// <summary>The minimum; 0 before the first measurement.</summary>
    public readonly long ValueNs => _valueNs;

    /// <summary>Takes a measurement.</summary>
    public void Take(long rttNs, long nowNs)
    {
        rttNs = Math.Max(1, rttNs);
        if (_valueNs == 0 || rttNs <= _valueNs)
            (_valueNs, _sinceNs, _nextNs, _nextSinceNs) = (rttNs, nowNs, rttNs, nowNs);
        else if (rttNs <= _nextNs || nowNs - _nextSinceNs > AgeNs / 2)
            (_nextNs, _nextSinceNs) = (rttNs, nowNs);
        if (nowNs - _sinceNs > AgeNs)
            (_valueNs, _sinceNs) = (_nextNs, _nextSinceNs);
    }
}
