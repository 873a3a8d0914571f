namespace Mirage.Net.Tests;

/// <summary>A segment of the grid: where it begins, counted from RCV.NXT; what it acknowledges, counted from SND.UNA;
/// and its bytes of text.</summary>
internal readonly record struct GridSegment(TcpFlags Flags, int Seq, int Ack, int Text)
{
    /// <summary>SEG.LEN: SYN and FIN take a number each.</summary>
    public int Length => Text + (Has(TcpFlags.Syn) ? 1 : 0) + (Has(TcpFlags.Fin) ? 1 : 0);

    public bool Has(TcpFlags flag) => (Flags & flag) != 0;
}
