namespace Mirage.Net;

/// <summary>Spreads what a window allows over the round trip, so that a bottleneck with a short queue does not lose
/// bursts.</summary>
/// <remarks>As Linux does it: twice the window a round trip in slow start, so that it can double, and a fifth above it
/// otherwise. A path of less than <see cref="RttMinNs"/> is not paced: its bursts are shorter than a timer is
/// exact.</remarks>
internal struct TcpPacer(TcpControlBlock block)
{
    /// <summary>Round trips from which on it paces.</summary>
    public const long RttMinNs = 2_000_000;

    private const long BurstNs = 1_000_000; // What leaves at once: a millisecond's worth.
    private const int BurstSegments = 10; // But as much as an initial window.
    private long _nextNs = long.MinValue;

    /// <summary>Bytes a second; 0 while it does not pace.</summary>
    public long BytesPerSecond
    {
        get
        {
            if (!block.Parameters.Pacing)
                return 0;
            if (block.Congestion.PacingBytesPerSecond is { } rate)
                return rate;
            if (block.Rtt.SmoothedNs is not { } smoothed || smoothed < RttMinNs)
                return 0;
            var gain = block.Congestion.WindowBytes < block.Congestion.ThresholdBytes / 2 ? 200 : 120;
            return (long)((Int128)block.Congestion.WindowBytes * gain / 100 * 1_000_000_000 / smoothed);
        }
    }

    /// <summary>Whether a segment may leave now. If not, the timer is set for when it may.</summary>
    public bool MaySend(int segment, long nowNs)
    {
        var rate = BytesPerSecond;
        if (rate == 0)
            return true;
        if (_nextNs - nowNs > TcpLimits.RtoMaxNs)
            _nextNs = nowNs; // A clock that leaps back does not stop the connection.
        var aheadNs = Math.Max(BurstNs, TimeOf(BurstSegments * segment, rate));
        if (nowNs >= _nextNs - aheadNs)
            return true;
        block.Timers.Arm(TcpTimer.Pace, nowNs, Math.Max(BurstNs / 2, _nextNs - aheadNs - nowNs));
        return false;
    }

    /// <summary>The most that one piece may take: a device that cuts it sends it at once.</summary>
    public int PieceMax(int segment, int most)
    {
        var rate = BytesPerSecond;
        if (rate == 0)
            return most;
        var burst = Math.Max(2 * segment, rate / (1_000_000_000 / BurstNs));
        return (int)Math.Min(most, Math.Max(segment, burst / segment * segment));
    }

    /// <summary><paramref name="bytes"/> have left.</summary>
    public void OnSent(int bytes, long nowNs)
    {
        var rate = BytesPerSecond;
        if (rate == 0)
            _nextNs = nowNs;
        else
            _nextNs = Math.Max(_nextNs, nowNs) + TimeOf(bytes, rate);
    }

    private static long TimeOf(long bytes, long rate) => (long)((Int128)bytes * 1_000_000_000 / rate);
}
