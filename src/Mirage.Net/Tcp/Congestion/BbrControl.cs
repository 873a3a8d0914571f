namespace Mirage.Net;

/// <summary>BBR of draft-ietf-ccwg-bbr, version 3: what a model of the path makes of each acknowledgment.</summary>
/// <remarks>Names of the draft are in comments where ours differ. <see cref="TcpPacer"/> is its pacing, with the send
/// quantum of section 5.6.3.</remarks>
internal sealed class BbrControl : CongestionControl
{
    private const int DrainRoundsMax = 3;
    private const int QuantumMax = 64 * 1024;
    private const long QuantaPerSecond = 1000;
    private const int OffloadQuanta = 3;
    private const long ProbeRttNs = 200_000_000; // BBR.ProbeRTTDuration

    private readonly BbrPath _path = new();
    private readonly BbrCycle _cycle;
    private long _pacingRate; // C.pacing_rate
    private long _windowBefore; // BBR.prior_cwnd
    private int _drainRound; // BBR.drain_start_round
    private long? _probeRttEndNs; // BBR.probe_rtt_done_stamp
    private bool _isProbeRttRoundDone;
    private bool _isRestart; // BBR.idle_restart
    private bool _isRecovering;
    private bool _isSelective = true;
    private BbrMoment _moment;

    public BbrControl() => _cycle = new(_path);

    public override string Name => "BBR";

    public override bool IsModelBased => true;

    /// <summary>A hole takes a round trip to be repaired, in which the next window is sent.</summary>
    public override long SpanBytes => 2 * WindowBytes;

    /// <summary>In ProbeRTT.</summary>
    public override bool IsHoldingBack => State is BbrState.ProbeRtt;

    /// <summary>Null before the first sample: what the initial window gives is right until then.</summary>
    public override long? PacingBytesPerSecond => _pacingRate > 0 ? _pacingRate : null;

    public BbrState State => _cycle.State;

    public BbrPath Path => _path;

    private int WindowMin => BbrGains.PipeSegmentsMin * SegmentBytes;

    // Section 5.6.3, as the pacer cuts pieces.
    private long Quantum => Math.Max(2 * SegmentBytes, Math.Min(_pacingRate / QuantaPerSecond, QuantumMax));

    public override void OnAcknowledged(in TcpAckSample sample)
    {
        var isFull = sample.IsLimited
            && sample.InFlight + sample.DeliveredBytes + SegmentBytes > WindowBytes;
        Look(sample.NowNs, sample.Delivered, isFull);
        _isSelective = sample.IsSelective;
        if (_isRecovering && !sample.IsRecovering)
            RestoreWindow();
        _isRecovering = sample.IsRecovering;
        UpdateModelAndState(sample);
        SetPacingRate(BbrGains.Pacing(State), sample);
        SetWindow(sample);
    }

    public override void OnLost(in TcpLossSample sample)
    {
        Look(_moment.NowNs, sample.Delivered, _moment.IsWindowFull);
        NoteLoss(sample.Delivered, sample.IsNewRange);
        _cycle.OnLost(sample, _isSelective, _moment);
    }

    /// <summary>The loss is repaired: what that means for the window is seen by the next sample.</summary>
    public override void OnRecovered(long inFlight, long nowNs)
    {
    }

    /// <summary>BBR takes up the rate that it had, section 5.4.</summary>
    public override void OnIdle()
    {
    }

    /// <summary>HandleRestartFromIdle.</summary>
    public override void OnRestart(long nowNs)
    {
        Look(nowNs, _moment.Delivered, isFull: false);
        _isRestart = true;
        _path.Aggregation.OnRestart(nowNs);
        if (_cycle.IsProbeBandwidth)
            _pacingRate = RateOf(1);
        else if (State is BbrState.ProbeRtt)
            EndProbeRtt();
    }

    // Section 5.6.4.4: the beginning of an episode. What is lost has been told of already, or is told of next.
    protected override void Reduce(long inFlight, bool isMark, long nowNs)
    {
        Look(nowNs, _moment.Delivered, _moment.IsWindowFull);
        if (isMark)
        {
            NoteLoss(_moment.Delivered, isNewRange: false); // The draft leaves marks open: they are a loss here.
            return;
        }

        SaveWindow();
        _isRecovering = true;
    }

    // HandleSpuriousLossDetection, section 5.5.11.2.
    protected override void Restore()
    {
        RestoreWindow();
        _path.Restore();
        if (_cycle.Undo is BbrState.Startup && State is not BbrState.Startup)
        {
            _path.FullPipe.WasReached = false;
            if (State is not BbrState.ProbeRtt)
                _cycle.State = BbrState.Startup;
        }
        else if (_cycle.Undo is BbrState.ProbeBwUp && State is not (BbrState.ProbeBwUp or BbrState.ProbeRtt))
        {
            _cycle.StartRefill(_moment);
        }

        _cycle.Undo = null;
    }

    private void Look(long nowNs, long delivered, bool isFull) =>
        _moment = new(nowNs, delivered, WindowBytes, isFull, SegmentBytes, Seed);

    // Section 5.2.3.
    private void UpdateModelAndState(in TcpAckSample sample)
    {
        _path.Take(sample);
        _path.Adapt(_cycle.IsProbing, WindowBytes);
        _path.Aggregation.Take(
            sample, _path.Bandwidth, WindowBytes, _path.Round.Count, isStartup: !_path.FullPipe.WasReached);
        if (_path.Round.IsStart)
            _path.FullPipe.OnRound(sample.DeliveryRate, sample.IsAppLimited);
        CheckStartup(sample);
        CheckDrain(sample);
        _cycle.Update(sample, _moment);
        _path.MinimumRtt.Take(sample.RttNs, sample.NowNs);
        CheckProbeRtt(sample);
        _path.Advance(sample);
    }

    // Sections 5.3.1.2 and 5.3.1.3.
    private void CheckStartup(in TcpAckSample sample)
    {
        if (State is not BbrState.Startup)
            return;
        if (_path.IsLossRoundStart && sample.IsRecovering
            && (_path.LostRanges >= BbrGains.StartupLossRanges || !sample.IsSelective)
            && BbrCycle.IsTooHigh(sample.LostSince, sample.SentInFlight, sample.IsSelective))
        {
            _cycle.Undo = BbrState.Startup;
            _path.FullPipe.WasReached = true;
            _path.Bounds.InFlightLongTerm = _path.InFlightSafe;
        }

        if (!_path.FullPipe.WasReached)
            return;
        _cycle.State = BbrState.Drain;
        _drainRound = _path.Round.Count;
    }

    // Section 5.3.2.
    private void CheckDrain(in TcpAckSample sample)
    {
        if (State is BbrState.Drain
            && (sample.InFlight <= InFlight(1) || _path.Round.Count > _drainRound + DrainRoundsMax))
            _cycle.StartDown(_moment);
    }

    // Section 5.3.4.3.
    private void CheckProbeRtt(in TcpAckSample sample)
    {
        if (State is not BbrState.ProbeRtt && _path.MinimumRtt.IsProbeDue && !_isRestart)
        {
            SaveWindow();
            _probeRttEndNs = null;
            _cycle.StartProbeRtt(_moment);
        }

        if (State is BbrState.ProbeRtt)
            HandleProbeRtt(sample);
        _isRestart = false;
    }

    private void HandleProbeRtt(in TcpAckSample sample)
    {
        if (_probeRttEndNs is null)
        {
            if (sample.InFlight > ProbeRttWindow())
                return;
            (_probeRttEndNs, _isProbeRttRoundDone) = (sample.NowNs + ProbeRttNs, false);
            _path.Round.Begin(sample.Delivered);
            return;
        }

        _isProbeRttRoundDone |= _path.Round.IsStart;
        if (_isProbeRttRoundDone)
            EndProbeRtt();
    }

    // CheckProbeRTTDone and ExitProbeRTT: nothing is queued, so that the next cycle begins by cruising.
    private void EndProbeRtt()
    {
        if (_probeRttEndNs is not { } endNs || _moment.NowNs <= endNs)
            return;
        _path.MinimumRtt.OnProbed(_moment.NowNs);
        RestoreWindow();
        _path.Bounds.ResetShortTerm();
        _cycle.State = BbrState.Startup;
        if (!_path.FullPipe.WasReached)
            return;
        _cycle.StartDown(_moment);
        _cycle.State = BbrState.ProbeBwCruise;
    }

    private void NoteLoss(long delivered, bool isNewRange)
    {
        if (!_path.NoteLoss(delivered, isNewRange))
            return;
        SaveWindow();
        _cycle.Undo = null;
    }

    // Section 5.6.2. Before the path was full once, the rate only rises: the samples may be the application's.
    private void SetPacingRate(double gain, in TcpAckSample sample)
    {
        if (_pacingRate == 0 && sample.SmoothedRttNs > 0)
            _pacingRate = (long)(BbrGains.StartupPacing * InitialBytes * 1e9 / sample.SmoothedRttNs);
        var rate = RateOf(gain);
        if (rate > 0 && (_path.FullPipe.WasReached || rate > _pacingRate))
            _pacingRate = rate;
    }

    private long RateOf(double gain) => (long)(gain * _path.Bandwidth * BbrGains.PacingMargin);

    // Sections 5.6.4.6 and 5.6.4.7.
    private void SetWindow(in TcpAckSample sample)
    {
        var most = Quantized(Product(BbrGains.Window(State)) + _path.Aggregation.Bytes);
        var window = WindowBytes;
        if (_path.FullPipe.WasReached)
            window = Math.Min(window + sample.DeliveredBytes, most);
        else if (window < most || sample.Delivered < InitialBytes)
            window += sample.DeliveredBytes;
        window = Math.Max(window, WindowMin);
        if (State is BbrState.ProbeRtt)
            window = Math.Min(window, ProbeRttWindow());
        var bound = State switch
        {
            BbrState.ProbeBwCruise or BbrState.ProbeRtt => _cycle.Headroom(SegmentBytes),
            BbrState.Startup or BbrState.Drain => BbrBounds.None,
            _ => _path.Bounds.InFlightLongTerm,
        };
        bound = Math.Max(Math.Min(bound, _path.Bounds.InFlightShortTerm), WindowMin);
        WindowBytes = Math.Min(Math.Min(window, bound), int.MaxValue);
    }

    // BDPMultiple, section 5.6.4.2.
    private long Product(double gain) =>
        _path.MinimumRtt.ValueNs == 0 ? InitialBytes : (long)(gain * _path.Product);

    private long InFlight(double gain) => Quantized(Product(gain));

    // QuantizationBudget, with the offload budget of section 5.5.8.
    private long Quantized(long bytes)
    {
        bytes = Math.Max(Math.Max(bytes, OffloadQuanta * Quantum), WindowMin);
        return State is BbrState.ProbeBwUp ? bytes + (2 * SegmentBytes) : bytes;
    }

    private long ProbeRttWindow() => Math.Max(Product(BbrGains.Window(BbrState.ProbeRtt)), WindowMin);

    private void SaveWindow() => _windowBefore =
        _isRecovering || State is BbrState.ProbeRtt ? Math.Max(_windowBefore, WindowBytes) : WindowBytes;

    private void RestoreWindow() => WindowBytes = Math.Max(WindowBytes, _windowBefore);
}
