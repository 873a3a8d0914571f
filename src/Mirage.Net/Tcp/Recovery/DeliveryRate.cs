namespace Mirage.Net;

/// <summary>How fast the network delivers: draft-ietf-ccwg-bbr section 4.1, bytes confirmed over the longer of the
/// times that they took to be sent and to be confirmed.</summary>
internal sealed class DeliveryRate
{
    private long _deliveredNs;
    private long _firstSentNs;
    private long _limitedUntil; // Bytes delivered up to which samples say what the application sent, not the path.

    /// <summary>Bytes confirmed since the connection began.</summary>
    public long Delivered { get; private set; }

    /// <summary>The newest rate that says what the path takes, or more than was known of it; 0 before there was
    /// one.</summary>
    public long Latest { get; private set; }

    /// <summary>What a piece is sent with that leaves now.</summary>
    public DeliverySnapshot OnSending(int inFlight, long nowNs)
    {
        if (inFlight == 0)
            (_firstSentNs, _deliveredNs) = (nowNs, nowNs);
        return new(Delivered, _deliveredNs, _firstSentNs, _limitedUntil > Delivered);
    }

    /// <summary>The application has nothing more to send while the window would let it.</summary>
    public void OnApplicationLimited(int inFlight) => _limitedUntil = Delivered + Math.Max(1, inFlight);

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
        if (intervalNs <= 0 || intervalNs < minimumRttNs)
            return new(piece.Delivery.Bytes, 0, piece.Delivery.IsAppLimited);
        var rate = (long)((Int128)(Delivered - piece.Delivery.Bytes) * 1_000_000_000 / intervalNs);
        if (!piece.Delivery.IsAppLimited || rate > Latest)
            Latest = rate;
        return new(piece.Delivery.Bytes, rate, piece.Delivery.IsAppLimited);
    }

    private static SentPiece? Newest(in TcpAckDigest digest)
    {
        if (digest.Latest is not { } latest)
            return digest.LatestRepeat;
        return digest.LatestRepeat is { } repeat && repeat.SentNs > latest.SentNs ? repeat : latest;
    }
}
