namespace Mirage.Net;

/// <summary>What one acknowledgment says of the pieces in flight, gathered while the scoreboard takes it.</summary>
/// <param name="sackedBefore">One past the highest number that the peer had before; null when it had none beyond a
/// hole.</param>
internal struct TcpAckDigest(uint? sackedBefore)
{
    /// <summary>Numbers that it is the first to acknowledge, all before them included.</summary>
    public int AcknowledgedBytes { get; set; }

    /// <summary>Bytes that the peer says it has received twice; 0 when it says nothing of the kind.</summary>
    public int DuplicateBytes { get; set; }

    /// <summary>One past the last of them.</summary>
    public uint DuplicateEnd { get; set; }

    /// <summary>The peer's echo of our clock; null without timestamps.</summary>
    public uint? Echo { get; set; }

    /// <summary>Packets that it says were marked on their way; 0 unless the peer counts them.</summary>
    public int Marks { get; set; }

    /// <summary>Numbers that it is the first to confirm, beyond a hole or not.</summary>
    public int DeliveredBytes { get; private set; }

    /// <summary>When the earliest of them was sent, of those that were sent once; null when there is none.</summary>
    public long? FirstSentNs { get; private set; }

    /// <summary>The piece that was sent last, of those that were sent once.</summary>
    public SentPiece? Latest { get; private set; }

    /// <summary>The piece that was sent last, of those that were sent again.</summary>
    public SentPiece? LatestRepeat { get; private set; }

    /// <summary>Whether one that was sent once is below what the peer had before: the network reorders.</summary>
    public bool IsReordered { get; private set; }

    /// <summary>Whether one was thought to be lost and was not sent again.</summary>
    public bool IsLossRefuted { get; private set; }

    /// <summary>Takes <paramref name="bytes"/> of a piece that the peer confirms for the first time.</summary>
    public void Note(in SentPiece piece, int bytes)
    {
        DeliveredBytes += bytes;
        if (piece.IsRetransmitted)
        {
            if (LatestRepeat is null || piece.SentNs >= LatestRepeat.Value.SentNs)
                LatestRepeat = piece;
            return;
        }

        IsReordered |= sackedBefore is { } highest && piece.End.IsUpTo(highest);
        IsLossRefuted |= piece.IsLost;
        FirstSentNs = Math.Min(FirstSentNs ?? long.MaxValue, piece.SentNs);
        if (Latest is null || piece.SentNs >= Latest.Value.SentNs)
            Latest = piece;
    }
}
