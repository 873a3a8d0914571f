namespace Mirage.Net;

/// <summary>A stretch of numbers that was sent at once, or that the peer has confirmed together.</summary>
internal struct SentPiece
{
    /// <summary>Its first number.</summary>
    public uint Start;

    /// <summary>One past its last number.</summary>
    public uint End;

    /// <summary>The slots of its neighbours in the order of numbers.</summary>
    public int Previous, Next;

    /// <summary>Segments that it counts for while it is confirmed.</summary>
    public int Segments;

    public PieceMarks Marks;

    /// <summary>When it was sent last.</summary>
    public long SentNs;

    /// <summary>What was delivered by then.</summary>
    public DeliverySnapshot Delivery;

    public readonly int Length => Start.DistanceTo(End);

    public readonly bool IsSacked => (Marks & PieceMarks.Sacked) != 0;

    /// <summary>Whether it is thought to be lost and was not sent again since.</summary>
    public readonly bool IsLost => (Marks & PieceMarks.Lost) != 0;

    /// <summary>Whether it was sent more than once.</summary>
    public readonly bool IsRetransmitted => (Marks & PieceMarks.Retransmitted) != 0;
}
