namespace Mirage.Net;

/// <summary>How much is confirmed at once beyond what the bandwidth accounts for, because acknowledgments wait for one
/// another: draft-ietf-ccwg-bbr section 5.5.9.</summary>
/// <remarks>The window of the maximum is kept as two halves, and is so five to ten round trips long.</remarks>
internal struct BbrAggregation
{
    private const int HalfRounds = 5; // Of BBR.ExtraAckedFilterLen.
    private long _startNs; // BBR.extra_acked_interval_start
    private long _delivered; // BBR.extra_acked_delivered
    private long _previous;
    private long _current;
    private int _since; // The round in which the current half began.

    /// <summary>BBR.extra_acked.</summary>
    public readonly long Bytes => Math.Max(_previous, _current);

    /// <summary>The silence before now was the application's.</summary>
    public void OnRestart(long nowNs) => _startNs = nowNs;

    /// <summary>Takes an acknowledgment.</summary>
    /// <param name="sample">What it says.</param>
    /// <param name="bandwidth">BBR.bw, bytes a second.</param>
    /// <param name="window">The most that it can be.</param>
    /// <param name="round">The number of the round trip.</param>
    /// <param name="isStartup">Whether one round trip is remembered, and not ten.</param>
    public void Take(in TcpAckSample sample, long bandwidth, long window, int round, bool isStartup)
    {
        var expected = bandwidth * ((sample.NowNs - _startNs) / 1e9);
        if (_delivered <= expected)
            (_delivered, _startNs, expected) = (0, sample.NowNs, 0);
        _delivered += sample.DeliveredBytes;
        if (round - _since >= (isStartup ? 1 : HalfRounds))
            (_previous, _current, _since) = (isStartup ? 0 : _current, 0, round);
        _current = Math.Max(_current, Math.Min((long)(_delivered - expected), window));
    }
}
