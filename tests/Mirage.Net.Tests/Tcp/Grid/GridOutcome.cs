namespace Mirage.Net.Tests;

/// <summary>What a segment comes to.</summary>
/// <param name="Reply">What answers it.</param>
/// <param name="State">The state behind it.</param>
/// <param name="Text">Bytes that the application gets.</param>
/// <param name="IsFin">Whether the peer's FIN is taken.</param>
/// <param name="IsRestarted">In TIME-WAIT, whether its time begins anew.</param>
internal readonly record struct GridOutcome(
    GridReply Reply, TcpState State, int Text = 0, bool IsFin = false, bool IsRestarted = false)
{
    /// <summary>By how much RCV.NXT moves.</summary>
    public int Advance => Text + (IsFin ? 1 : 0);
}
