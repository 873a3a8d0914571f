namespace Mirage.Net;

/// <summary>A stretch of the send sequence space that is to go out now.</summary>
/// <param name="Sequence">Its first number.</param>
/// <param name="Length">Bytes of payload.</param>
/// <param name="Flags">FIN when it ends the stream, PSH when it ends a write.</param>
internal readonly record struct TcpPiece(uint Sequence, int Length, TcpFlags Flags)
{
    /// <summary>Whether it is longer than a segment, to find out whether the path takes it.</summary>
    public bool IsPathProbe { get; init; }

    /// <summary>One past its last number.</summary>
    public uint End => Sequence.Plus(Length + ((Flags & TcpFlags.Fin) != 0 ? 1 : 0));
}
