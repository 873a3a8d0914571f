namespace Mirage.Net;

/// <summary>BBR's model of the path: how fast it delivers, how long it is, and what it has shown not to bear.
/// draft-ietf-ccwg-bbr section 5.5.</summary>
internal sealed class BbrPath
{
    public BbrRound Round;
    public BbrMaximumBandwidth MaximumBandwidth;
    public BbrMinimumRtt MinimumRtt;
    public BbrFullPipe FullPipe;
    public BbrAggregation Aggregation;
    public BbrBounds Bounds = new();

    private BbrBounds _boundsBefore = new();
    private long _bandwidthLatest; // BBR.bw_latest
    private long _inFlightLatest; // BBR.inflight_latest
    private long _lossRoundEnd; // BBR.loss_round_delivered
    private bool _isLossInRound;

    /// <summary>BBR.loss_round_start: whether a round trip has passed since the first of the losses.</summary>
    public bool IsLossRoundStart { get; private set; }

    /// <summary>Stretches of numbers lost in this round trip.</summary>
    public int LostRanges { get; private set; }

    /// <summary>BBR.bw, bytes a second; 0 before the first sample.</summary>
    public long Bandwidth => Math.Min(MaximumBandwidth.BytesPerSecond, Bounds.BandwidthShortTerm);

    /// <summary>BBR.bdp; 0 before the first samples.</summary>
    public long Product => ProductOf(Bandwidth);

    /// <summary>What the last round trip delivered, but at least the product.</summary>
    public long InFlightSafe => Math.Max(Product, _inFlightLatest);

    /// <summary>A bandwidth times the round trip, bytes.</summary>
    public long ProductOf(long bytesPerSecond) =>
        (long)Math.Min(int.MaxValue, bytesPerSecond * (MinimumRtt.ValueNs / 1e9));

    /// <summary>UpdateLatestDeliverySignals and UpdateMaxBw: what an acknowledgment says of the path.</summary>
    public void Take(in TcpAckSample sample)
    {
        _bandwidthLatest = Math.Max(_bandwidthLatest, sample.DeliveryRate);
        _inFlightLatest = Math.Max(_inFlightLatest, sample.Delivered - sample.PriorDelivered);
        IsLossRoundStart = sample.PriorDelivered >= _lossRoundEnd;
        if (IsLossRoundStart)
            _lossRoundEnd = sample.Delivered;
        Round.Take(sample);
        if (sample.DeliveryRate > 0)
            MaximumBandwidth.Take(sample.DeliveryRate, sample.IsAppLimited);
    }

    /// <summary>AdaptLowerBoundsFromCongestion, section 5.5.10.3: at the end of a round trip with losses, unless BBR
    /// itself <paramref name="isProbing"/>, what is sent comes down to what arrives.</summary>
    public void Adapt(bool isProbing, long window)
    {
        if (!IsLossRoundStart)
            return;
        if (_isLossInRound && !isProbing)
        {
            if (Bounds.BandwidthShortTerm == BbrBounds.None)
                Bounds.BandwidthShortTerm = MaximumBandwidth.BytesPerSecond;
            if (Bounds.InFlightShortTerm == BbrBounds.None)
                Bounds.InFlightShortTerm = window;
            Bounds.BandwidthShortTerm =
                Math.Max(_bandwidthLatest, (long)(BbrGains.Beta * Bounds.BandwidthShortTerm));
            Bounds.InFlightShortTerm = Math.Max(_inFlightLatest, (long)(BbrGains.Beta * Bounds.InFlightShortTerm));
        }

        _isLossInRound = false;
    }

    /// <summary>AdvanceLatestDeliverySignals: the acknowledgment has had its effect.</summary>
    public void Advance(in TcpAckSample sample)
    {
        if (!IsLossRoundStart)
            return;
        _bandwidthLatest = sample.DeliveryRate;
        _inFlightLatest = sample.Delivered - sample.PriorDelivered;
        LostRanges = 0;
    }

    /// <summary>NoteLoss: something is lost, or marked, with <paramref name="delivered"/> bytes confirmed so
    /// far.</summary>
    /// <returns>Whether it is the first in its round trip: then what is known is kept, to be taken back.</returns>
    public bool NoteLoss(long delivered, bool isNewRange)
    {
        LostRanges += isNewRange ? 1 : 0;
        if (_isLossInRound)
            return false;
        (_isLossInRound, _lossRoundEnd, _boundsBefore) = (true, delivered, Bounds);
        return true;
    }

    /// <summary>ResetCongestionSignals.</summary>
    public void ResetSignals() => (_isLossInRound, _bandwidthLatest, _inFlightLatest) = (false, 0, 0);

    /// <summary>The losses were none, section 5.5.11.2.</summary>
    public void Restore()
    {
        _isLossInRound = false;
        FullPipe.Reset();
        Bounds.Restore(_boundsBefore);
    }
}
