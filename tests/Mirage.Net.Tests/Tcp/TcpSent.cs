namespace Mirage.Net.Tests;

/// <summary>A segment that a machine has sent, with relative numbers.</summary>
internal readonly record struct TcpSent(TcpHeader Header, int Seq, int Ack, int Length, int SegmentSize, byte Ecn)
{
    public TcpFlags Flags => Header.Flags;

    public override string ToString() => $"{Flags} seq {Seq} ack {Ack} length {Length}";
}
