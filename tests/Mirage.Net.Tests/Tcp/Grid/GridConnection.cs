namespace Mirage.Net.Tests;

/// <summary>What the rules of RFC 9293 section 3.10.7 depend on.</summary>
/// <param name="State">The state before the segment.</param>
/// <param name="Window">RCV.WND.</param>
/// <param name="InFlight">SND.NXT - SND.UNA.</param>
/// <param name="Back">By how much an old acknowledgment may lie behind SND.UNA: MAX.SND.WND of RFC 5961 section 5.2,
/// and no more than was ever acknowledged.</param>
internal sealed record GridConnection(TcpState State, int Window, int InFlight, int Back)
{
    /// <summary>Whether a number, counted from RCV.NXT, is in the receive window.</summary>
    public bool IsInside(int seq) => (uint)seq < (uint)Window;
}
