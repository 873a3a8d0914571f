namespace Mirage.Net;

/// <summary>The constants of BBR, draft-ietf-ccwg-bbr section 2, and its gains by state, section 5.6.1.</summary>
internal static class BbrGains
{
    /// <summary>BBR.LossThresh: the share of what is in flight that may be lost.</summary>
    public const double LossThreshold = 0.02;

    /// <summary>BBR.Beta: what a loss leaves at least.</summary>
    public const double Beta = 0.7;

    /// <summary>BBR.Headroom: the share of the bound on what is in flight that is left to others.</summary>
    public const double Headroom = 0.15;

    /// <summary>BBR.PacingMarginPercent, as what it leaves.</summary>
    public const double PacingMargin = 0.99;

    /// <summary>BBR.StartupPacingGain: 4 ln 2, the least with which the rate doubles each round.</summary>
    public const double StartupPacing = 2.77;

    /// <summary>BBR.MinPipeCwnd: segments that keep a path busy whose peer acknowledges every second one.</summary>
    public const int PipeSegmentsMin = 4;

    /// <summary>BBRStartupFullLossCnt: stretches lost in a round trip of Startup that end it.</summary>
    public const int StartupLossRanges = 6;

    /// <summary>How fast segments leave, in bandwidths.</summary>
    public static double Pacing(BbrState state) => state switch
    {
        BbrState.Startup => StartupPacing,
        BbrState.Drain => 0.5,
        BbrState.ProbeBwDown => 0.9,
        BbrState.ProbeBwUp => 1.25,
        _ => 1,
    };

    /// <summary>How much may be in flight, in products of bandwidth and round trip.</summary>
    public static double Window(BbrState state) => state switch
    {
        BbrState.ProbeBwUp => 2.25,
        BbrState.ProbeRtt => 0.5,
        _ => 2,
    };
}
