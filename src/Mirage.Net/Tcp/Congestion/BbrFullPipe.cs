namespace Mirage.Net;

/// <summary>Whether sending faster brings no more: draft-ietf-ccwg-bbr section 5.3.1.2.</summary>
internal struct BbrFullPipe
{
    private const double Growth = 1.25;
    private const int RoundsMax = 3;
    private double _bandwidth; // BBR.full_bw
    private int _rounds; // BBR.full_bw_count

    /// <summary>BBR.full_bw_now: whether the path is full by the probe that is under way.</summary>
    public bool IsNow { get; private set; }

    /// <summary>BBR.full_bw_reached: whether it ever was.</summary>
    public bool WasReached { get; set; }

    /// <summary>A probe begins at <paramref name="bytesPerSecond"/>.</summary>
    public void Reset(long bytesPerSecond = 0) => (_bandwidth, _rounds, IsNow) = (bytesPerSecond, 0, false);

    /// <summary>A round trip has ended.</summary>
    public void OnRound(long bytesPerSecond, bool isAppLimited)
    {
        if (IsNow || isAppLimited)
            return;
        if (bytesPerSecond >= _bandwidth * Growth)
        {
            Reset(bytesPerSecond);
            return;
        }

        IsNow = ++_rounds >= RoundsMax;
        WasReached |= IsNow;
    }
}
