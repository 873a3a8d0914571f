namespace Mirage.Net;

/// <summary>What is known of a piece.</summary>
[Flags]
internal enum PieceMarks
{
    None = 0,

    /// <summary>The peer has it, beyond a hole.</summary>
    Sacked = 1,

    /// <summary>It is thought to be lost, and was not sent again since.</summary>
    Lost = 2,

    /// <summary>It was sent more than once.</summary>
    Retransmitted = 4,
}
