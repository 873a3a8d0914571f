namespace Mirage.Net;

/// <summary>The shortest round trip of the last ten seconds, and when it is to be looked for: draft-ietf-ccwg-bbr
/// sections 5.3.4 and 5.5.7.</summary>
internal struct BbrMinimumRtt
{
    private const long FilterNs = 10_000_000_000; // BBR.MinRTTFilterLen
    private const long ProbeIntervalNs = 5_000_000_000; // BBR.ProbeRTTInterval
    private long _sinceNs; // BBR.min_rtt_stamp
    private long _probeNs; // BBR.probe_rtt_min_delay
    private long _probeSinceNs; // BBR.probe_rtt_min_stamp

    /// <summary>BBR.min_rtt; 0 before the first measurement.</summary>
    public long ValueNs { get; private set; }

    /// <summary>BBR.probe_rtt_expired: whether the empty path was not seen for long.</summary>
    public bool IsProbeDue { get; private set; }

    /// <summary>Takes a measurement, or with 0 the time alone.</summary>
    /// <remarks>A round trip as short as the shortest one shows the path as empty as it was then: the draft asks for a
    /// shorter one, and clocks that are exact to the nanosecond do not need that.</remarks>
    public void Take(long rttNs, long nowNs)
    {
        IsProbeDue = _probeNs > 0 && nowNs - _probeSinceNs > ProbeIntervalNs;
        if (rttNs > 0 && (_probeNs == 0 || rttNs <= _probeNs || IsProbeDue))
            (_probeNs, _probeSinceNs) = (rttNs, nowNs);
        if (_probeNs > 0 && (ValueNs == 0 || _probeNs <= ValueNs || nowNs - _sinceNs > FilterNs))
            (ValueNs, _sinceNs) = (_probeNs, _probeSinceNs);
    }

    /// <summary>The path was as empty as this end can make it.</summary>
    public void OnProbed(long nowNs) => _probeSinceNs = nowNs;
}
