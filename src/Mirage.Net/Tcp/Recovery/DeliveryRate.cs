namespace Mirage.Net;

/// <summary>How fast the network delivers: draft-ietf-ccwg-bbr section 4.1, bytes confirmed over the longer of the
/// times that they took to be sent and to be confirmed; and how much of it the network loses.</summary>
internal struct DeliveryRate(TcpControlBlock block)
{
    private long _deliveredNs;
    private long _firstSentNs;
    private long _limitedUntil; // Bytes delivered up to which samples say what the application sent, not the path.
    private uint _lost;

    /// <summary>Bytes confirmed since the connection began.</summary>
    public long Delivered { get; private set; }

    /// <summary>Whether what is sent now tells of the application, or of a pause, and not of the path.</summary>
    public bool IsAppLimited => _limitedUntil > Delivered;

    /// <summary>The newest rate that says what the path takes, or more than was known of it; 0 before there was
    /// one.</summary>
    public long Latest { get; private set; }

    /// <summary>Bytes that are delivered in that time.</summary>
    public readonly long BytesIn(long timeNs) => (long)((Int128)Latest * timeNs / 1_000_000_000);

    /// <summary>What a piece is sent with that leaves now.</summary>
    /// <param name="inFlightBefore">Numbers that were sent and not acknowledged before it.</param>
    /// <param name="pipe">Bytes on their way with it.</param>
    /// <param name="nowNs">The time.</param>
    public DeliverySnapshot OnSending(int inFlightBefore, int pipe, long nowNs)
    {
        if (inFlightBefore == 0)
            (_firstSentNs, _deliveredNs) = (nowNs, nowNs);
        return new(Delivered, _deliveredNs, _firstSentNs, _lost, pipe, IsAppLimited);
    }

    /// <summary>The application has nothing more to send while the window would let it.</summary>
    public void OnApplicationLimited(int inFlight) => _limitedUntil = Delivered + Math.Max(1, inFlight);

    /// <summary>A piece is found to be lost.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="isNewRange">Whether what is before it is not lost.</param>
    public void OnLost(in SentPiece piece, bool isNewRange)
    {
        _lost += (uint)piece.Length;
        if (!block.Congestion.IsModelBased)
            return;
        block.Congestion.OnLost(new()
        {
            Bytes = piece.Length,
            SentInFlight = piece.Delivery.InFlight,
            LostSince = LostSince(piece.Delivery.Lost),
            IsAppLimited = piece.Delivery.IsAppLimited,
            IsNewRange = isNewRange,
            Delivered = Delivered,
        });
    }

    /// <summary>Bytes lost since <paramref name="prior"/> were, modulo 2³².</summary>
    public long LostSince(uint prior) => _lost - prior;

    /// <summary>An acknowledgment came in.</summary>
    public DeliverySample OnAcknowledged(in TcpAckDigest digest, long minimumRttNs, long nowNs)
    {
        Delivered += digest.DeliveredBytes;
        _deliveredNs = digest.DeliveredBytes > 0 ? nowNs : _deliveredNs;
        if (digest.DeliveredBytes == 0 || Newest(digest) is not { } piece)
            return default;
        var sendingNs = piece.SentNs - piece.Delivery.FirstSentNs;
        _firstSentNs = piece.SentNs;
        var intervalNs = Math.Max(sendingNs, nowNs - piece.Delivery.DeliveredNs);
        var sample = new DeliverySample(
            piece.Delivery.Bytes, 0, piece.Delivery.IsAppLimited, piece.Delivery.InFlight, piece.Delivery.Lost);
        if (intervalNs <= 0 || intervalNs < minimumRttNs)
            return sample;
        var rate = (long)((Int128)(Delivered - piece.Delivery.Bytes) * 1_000_000_000 / intervalNs);
        if (!piece.Delivery.IsAppLimited || rate > Latest)
            Latest = rate;
        return sample with { BytesPerSecond = rate };
    }

    private static SentPiece? Newest(in TcpAckDigest digest)
    {
        if (digest.Latest is not { } latest)
            return digest.LatestRepeat;
        return digest.LatestRepeat is { } repeat && repeat.SentNs > latest.SentNs ? repeat : latest;
    }
}
