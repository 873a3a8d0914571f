namespace Mirage.Net;

/// <summary>The state of BBR, and how ProbeBW goes from one to the next: draft-ietf-ccwg-bbr section 5.3.3.</summary>
internal sealed class BbrCycle(BbrPath path)
{
    private const long WaitMinNs = 2_000_000_000;
    private const long WaitSpreadNs = 1_000_000_000;
    private const int RenoRoundsMax = 63;
    private const int SlopeRoundsMax = 30;
    private AckPhase _phase; // BBR.ack_phase
    private ulong _random;
    private long _startNs; // BBR.cycle_stamp
    private long _waitNs; // BBR.bw_probe_wait
    private int _rounds; // BBR.rounds_since_probe_up
    private int _slopeRounds; // BBR.bw_probe_up_rounds
    private long _acked; // BBR.bw_probe_up_acked
    private long _ackedPerSegment = long.MaxValue; // BBR.probe_up_acked_per_inc
    private bool _isProbeSample; // BBR.is_bw_probe_sample
    private bool _wasTooHigh; // BBR.prev_probe_too_high
    private bool _wasPrecautionary; // BBR.prev_probe_precautionary

    /// <summary>What the samples that arrive are of.</summary>
    private enum AckPhase
    {
        Init,
        Refilling,
        ProbeStarting,
        ProbeFeedback,
        ProbeStopping,
    }

    public BbrState State { get; set; }

    /// <summary>BBR.undo_state: what a loss has ended; null when nothing.</summary>
    public BbrState? Undo { get; set; }

    /// <summary>IsInAProbeBWState.</summary>
    public bool IsProbeBandwidth => State is >= BbrState.ProbeBwDown and <= BbrState.ProbeBwUp;

    /// <summary>IsProbingBW: whether losses are what BBR itself is about.</summary>
    public bool IsProbing => State is BbrState.Startup or BbrState.ProbeBwRefill or BbrState.ProbeBwUp;

    /// <summary>InflightWithHeadroom, bytes.</summary>
    public long Headroom(int segment)
    {
        var bound = path.Bounds.InFlightLongTerm;
        if (bound == BbrBounds.None)
            return bound;
        var left = bound - Math.Max(segment, (long)(BbrGains.Headroom * bound));
        return Math.Max(left, BbrGains.PipeSegmentsMin * segment);
    }

    /// <summary>StartProbeBW_DOWN.</summary>
    public void StartDown(in BbrMoment moment)
    {
        path.ResetSignals();
        _ackedPerSegment = long.MaxValue;
        PickWait(moment.Seed);
        _startNs = moment.NowNs;
        _phase = AckPhase.ProbeStopping;
        path.Round.Begin(moment.Delivered);
        State = BbrState.ProbeBwDown;
    }

    /// <summary>StartProbeBW_REFILL.</summary>
    public void StartRefill(in BbrMoment moment)
    {
        path.Bounds.ResetShortTerm();
        (_slopeRounds, _acked, _wasPrecautionary) = (0, 0, false);
        _phase = AckPhase.Refilling;
        path.Round.Begin(moment.Delivered);
        State = BbrState.ProbeBwRefill;
    }

    /// <summary>EnterProbeRTT ends whatever probe is under way.</summary>
    public void StartProbeRtt(in BbrMoment moment)
    {
        _phase = AckPhase.ProbeStopping;
        path.Round.Begin(moment.Delivered);
        State = BbrState.ProbeRtt;
    }

    /// <summary>UpdateProbeBWCyclePhase.</summary>
    public void Update(in TcpAckSample sample, in BbrMoment moment)
    {
        if (path.Round.IsStart)
            _rounds++;
        if (!path.FullPipe.WasReached || AdaptLongTerm(sample, moment))
            return;
        switch (State)
        {
            case BbrState.ProbeBwDown:
                if (!TryRefill(moment) && IsTimeToCruise(sample, moment.Segment))
                    State = BbrState.ProbeBwCruise;
                break;
            case BbrState.ProbeBwCruise:
                TryRefill(moment);
                break;
            case BbrState.ProbeBwRefill:
                if (path.Round.IsStart)
                    StartUp(sample, moment);
                break;
            case BbrState.ProbeBwUp:
                if (!IsTimeToGoDown(sample, moment))
                    break;
                _wasTooHigh = false; // Not yet: losses may still come to light.
                StartDown(moment);
                break;
        }
    }

    /// <summary>HandleLostPacket of section 5.5.10.2: what was in flight when it was sent may have been too
    /// much.</summary>
    public void OnLost(in TcpLossSample loss, bool isSelective, in BbrMoment moment)
    {
        if (!_isProbeSample || !IsTooHigh(loss.LostSince, loss.SentInFlight, isSelective))
            return;
        (_wasTooHigh, _isProbeSample) = (true, false); // Once for each probe.
        if (!loss.IsAppLimited)
        {
            var target = Math.Min(path.Product, moment.Window);
            path.Bounds.InFlightLongTerm = Math.Max(InFlightAtLoss(loss), (long)(BbrGains.Beta * target));
        }

        if (State is not BbrState.ProbeBwUp)
            return;
        Undo = BbrState.ProbeBwUp;
        StartDown(moment);
    }

    /// <summary>IsInflightTooHigh: whether more is lost than random losses account for.</summary>
    public static bool IsTooHigh(long lost, long inFlight, bool isSelective) =>
        lost > inFlight * BbrGains.LossThreshold || (lost > 0 && !isSelective);

    // Of what was sent at once, that which the path still bore.
    private static long InFlightAtLoss(in TcpLossSample loss)
    {
        const double Share = BbrGains.LossThreshold;
        double before = Math.Max(0, loss.SentInFlight - loss.Bytes);
        double lostBefore = loss.LostSince - loss.Bytes;
        return Math.Max(0, (long)(before + (((Share * before) - lostBefore) / (1 - Share))));
    }

    private void StartUp(in TcpAckSample sample, in BbrMoment moment)
    {
        _isProbeSample = true;
        _phase = AckPhase.ProbeStarting;
        path.Round.Begin(moment.Delivered);
        path.FullPipe.Reset(sample.DeliveryRate);
        State = BbrState.ProbeBwUp;
        RaiseSlope(moment);
    }

    // AdaptLongTermModel; true when it has changed the state.
    private bool AdaptLongTerm(in TcpAckSample sample, in BbrMoment moment)
    {
        if (_phase is AckPhase.ProbeStarting && path.Round.IsStart)
            _phase = AckPhase.ProbeFeedback;
        if (_phase is AckPhase.ProbeStopping && path.Round.IsStart)
        {
            (_isProbeSample, _phase) = (false, AckPhase.Init);
            if (IsProbeBandwidth && !sample.IsAppLimited)
                path.MaximumBandwidth.Advance();
            if (IsProbeBandwidth && _wasPrecautionary && !_wasTooHigh)
            {
                StartRefill(moment); // The careful probe did no harm.
                return true;
            }
        }

        ref var bound = ref path.Bounds.InFlightLongTerm;
        if (bound == BbrBounds.None || IsTooHigh(sample.LostSince, sample.SentInFlight, sample.IsSelective))
            return false;
        bound = Math.Max(bound, sample.SentInFlight);
        if (State is BbrState.ProbeBwUp)
            RaiseBound(ref bound, sample, moment);
        return false;
    }

    // ProbeInflightLongtermUpward.
    private void RaiseBound(ref long bound, in TcpAckSample sample, in BbrMoment moment)
    {
        if (!moment.IsWindowFull || moment.Window < bound)
            return;
        _acked += sample.DeliveredBytes;
        if (_acked >= _ackedPerSegment)
        {
            var segments = _acked / _ackedPerSegment;
            _acked -= segments * _ackedPerSegment;
            bound += segments * moment.Segment;
        }

        if (path.Round.IsStart)
            RaiseSlope(moment);
    }

    // RaiseInflightLongtermSlope: twice as many segments each round trip.
    private void RaiseSlope(in BbrMoment moment)
    {
        var segments = 1L << _slopeRounds;
        _slopeRounds = Math.Min(_slopeRounds + 1, SlopeRoundsMax);
        _ackedPerSegment = Math.Max(moment.Window / segments, moment.Segment);
    }

    private bool IsTimeToCruise(in TcpAckSample sample, int segment)
    {
        var product = path.ProductOf(path.MaximumBandwidth.BytesPerSecond);
        return sample.InFlight <= Headroom(segment) && sample.InFlight <= Math.Max(
            product, BbrGains.PipeSegmentsMin * segment);
    }

    private bool IsTimeToGoDown(in TcpAckSample sample, in BbrMoment moment)
    {
        var bound = path.Bounds.InFlightLongTerm;
        if (_wasTooHigh && sample.InFlight >= bound)
        {
            _wasPrecautionary = true;
            return true;
        }

        if (!moment.IsWindowFull || moment.Window < bound)
            return path.FullPipe.IsNow;
        path.FullPipe.Reset(sample.DeliveryRate); // It is the bound that holds the rate, and not the path.
        return false;
    }

    // IsTimeToProbeBW: after two to three seconds, or when Reno would have lost something by then.
    private bool TryRefill(in BbrMoment moment)
    {
        var target = Math.Min(path.Product, moment.Window) / moment.Segment;
        if (moment.NowNs - _startNs <= _waitNs && _rounds < Math.Min(target, RenoRoundsMax))
            return false;
        StartRefill(moment);
        return true;
    }

    // PickProbeWait: connections are not to probe all at once.
    private void PickWait(int seed)
    {
        if (_random == 0)
            _random = ((ulong)(uint)seed << 1) | 1;
        _random = unchecked((_random * 6364136223846793005) + 1442695040888963407);
        _rounds = (int)(_random >> 63);
        _waitNs = WaitMinNs + (long)((_random >> 20) % WaitSpreadNs);
    }
}
