namespace Mirage.Net;

/// <summary>What is lost and what is done about it: RFC 6675 and RFC 8985 with selective acknowledgments, RFC 6582
/// without, RFC 6298 after a timeout.</summary>
/// <remarks>What is lost is not in flight, so that retransmissions are paced by the congestion window like new
/// data.</remarks>
internal struct TcpRecovery(TcpControlBlock block)
{
    public TcpScoreboard Scoreboard = new(block);
    public TailProbe Probe = new(block);
    public DeliveryRate Rate = new(block);
    // Whether fast recovery sends in proportion to what arrives.
    private readonly bool _isProportional = !block.Congestion.IsModelBased;
    private RackDetector _rack = new(block);
    private DuplicateDetector _counted = new(block);
    private ProportionalRate? _proportional; // Once there was a fast recovery.
    private SpuriousJudge? _judge; // Once something was lost.
    private uint _end; // RecoveryPoint of RFC 6675: one past what was sent when the loss was found.
    private uint _markEnd; // One past what was sent when routers last marked.
    private bool _isPartial; // Whether fast recovery has seen a partial acknowledgment.

    /// <summary>The search for the size of segments; null before a black hole was suspected.</summary>
    public PathMtuProbe? Path { get; private set; }

    public RecoveryPhase Phase { get; private set; }

    /// <summary>Whether the peer tells what it has beyond a hole.</summary>
    public bool IsSelective { get; set; }

    /// <summary>Whether the acknowledgment that came last lets the retransmission timer run on. RFC 6582 section 3.2
    /// step 3 restarts it for the first partial one only: what would take a round trip a hole ends in slow
    /// start.</summary>
    public bool KeepsTimer { get; private set; }

    /// <summary>Timeouts since the peer last acknowledged something new.</summary>
    public int Timeouts { get; set; }

    /// <summary>Segments that were sent again: tcpRetransSegs of RFC 4022.</summary>
    public long Retransmits { get; private set; }

    /// <summary>Episodes that were undone because nothing had been lost.</summary>
    public long Undone { get; private set; }

    /// <summary>Whether new data go out before what is lost: RFC 5682 section 3.1 step 2b.</summary>
    public bool PrefersNew => _judge is { PrefersNew: true };

    /// <summary>Numbers that are on their way, as far as is known: pipe of RFC 6675 section 4.</summary>
    public int InFlight => Math.Max(
        0, block.Space.InFlight - Scoreboard.SackedBytes - Scoreboard.LostBytes - _counted.Bytes);

    /// <summary>Bytes that may be in flight.</summary>
    public long WindowBytes => Phase is RecoveryPhase.Fast && _isProportional
        ? _proportional!.WindowBytes
        : Math.Max(block.Congestion.WindowBytes, block.Size.Steady);

    /// <summary>Bytes that are worth keeping beyond SND.UNA. A window has no bound where nothing is lost, as on a link
    /// within the machine, and what it lets out waits in queues on the way. The path itself holds its rate for the
    /// shortest round trip; four times that leaves a window all the queue that routers have.</summary>
    public long SpanBytes => Math.Min(
        block.Congestion.SpanBytes, Math.Max(FlowWriter.PauseMin, 4 * Rate.BytesIn(block.Rtt.MinimumNs)));

    public void Start() => (_end, _markEnd) = (block.Space.Initial, block.Space.Initial);

    /// <summary>The connection is closed: gives the memory back.</summary>
    public void Stop() => Scoreboard.Clear();

    /// <summary>New numbers, all up to SND.NXT, are sent.</summary>
    public void OnSent(uint start, int inFlightBefore, bool isProbe, long nowNs)
    {
        Scoreboard.Append(start, block.Space.Next, Rate.OnSending(inFlightBefore, InFlight, nowNs), nowNs);
        OnSending(start.DistanceTo(block.Space.Next));
        if (isProbe)
            Probe.OnSent(isRepeat: false);
        Probe.Schedule(Phase is RecoveryPhase.Open && IsSelective, block.Size.Steady, nowNs);
    }

    /// <summary>Sends a piece of the scoreboard again, <paramref name="limit"/> numbers of it at most.</summary>
    /// <returns>One past the last number that is sent.</returns>
    public uint Retransmit(int slot, int limit, uint? clock, bool isProbe, long nowNs)
    {
        var start = Scoreboard[slot].Start;
        var pipe = InFlight + Math.Min(limit, Scoreboard[slot].Length);
        var end = Scoreboard.Retransmit(slot, limit, Rate.OnSending(block.Space.InFlight, pipe, nowNs), nowNs);
        var bytes = start.DistanceTo(end);
        Retransmits += (bytes + block.Size.Steady - 1) / block.Size.Steady;
        _judge ??= new();
        _judge.OnRepeated(bytes, clock, isProbe);
        Path?.OnRepeated(start);
        OnSending(bytes);
        if (isProbe)
            Probe.OnSent(isRepeat: true);
        return end;
    }

    /// <summary>All that is not confirmed is to be sent again: it was too long for the path, or the window was shut on
    /// it.</summary>
    public void MarkLost(long nowNs)
    {
        EndFast(nowNs);
        Scoreboard.MarkAllLost(isReneged: false, isToBlame: false);
        _counted.Clear();
        Probe.Cancel();
        _end = block.Space.Next;
        Phase = RecoveryPhase.Timeout;
        _judge?.End();
    }

    /// <summary>The retransmission timer expired on what is in flight.</summary>
    public void OnTimeout(long nowNs)
    {
        var isFirst = Timeouts++ == 0;
        var isProbe = block.Space.Window == 0; // Into a window that was shut: its loss says nothing of the path.
        var wasOpen = Phase is RecoveryPhase.Open;
        EndFast(nowNs);
        if (Timeouts >= PathMtuProbe.TimeoutsMax && !isProbe)
            Path ??= new(block);
        if (!isProbe && Path?.OnTimeout(Timeouts, nowNs) == true)
            block.Congestion.SetSegmentSize(block.Size.Steady);
        if (!isProbe)
            block.Congestion.OnTimeout(block.Space.InFlight, isFirst, nowNs);
        var isReneged = Scoreboard.Count > 0 && Scoreboard[Scoreboard.FirstSlot].IsSacked;
        Scoreboard.MarkAllLost(isReneged, isToBlame: !isProbe);
        _counted.Clear();
        Probe.Cancel();
        if (isProbe)
            _judge?.End();
        else if (isFirst)
            Judge(isTimeout: wasOpen);
        (_end, _markEnd, Phase) = (block.Space.Next, block.Space.Next, RecoveryPhase.Timeout);
    }

    /// <summary>The reordering window has passed: RFC 8985 section 6.3.</summary>
    public void OnReorderingTimeout(long nowNs)
    {
        var lost = _rack.Detect(Phase is not RecoveryPhase.Open, nowNs);
        if (lost > 0 && Phase is RecoveryPhase.Open && Path is not { IsAllThatIsLost: true })
            Enter(delivered: 0, acknowledged: 0, nowNs);
        if (Phase is RecoveryPhase.Fast)
            _proportional!.OnAcknowledged(0, InFlight, isSafe: false, block.Size.Steady);
    }

    /// <summary>The peer says that its routers mark instead of dropping, RFC 3168 section 6.1.2: once a
    /// window.</summary>
    public void OnCongestionEcho(long nowNs)
    {
        if (Phase is not RecoveryPhase.Open || block.Space.Unacknowledged.IsBefore(_markEnd))
            return;
        block.Congestion.OnCongestion(block.Congestion.WindowBytes, isMark: true, nowNs);
        block.Congestion.OnRecovered(InFlight, nowNs);
        _judge?.End();
        _markEnd = block.Space.Next;
    }

    /// <summary>An acknowledgment was taken by the scoreboard.</summary>
    /// <param name="digest">What it says of the pieces.</param>
    /// <param name="bytes">Bytes of the application that it is the first to acknowledge.</param>
    /// <param name="isDuplicate">Whether it acknowledges nothing new: RFC 5681 section 2.</param>
    /// <param name="isLimited">Whether the congestion window, and nothing else, held the sender back.</param>
    /// <param name="nowNs">When it arrived.</param>
    public void OnAcknowledged(in TcpAckDigest digest, int bytes, bool isDuplicate, bool isLimited, long nowNs)
    {
        var delivery = Rate.OnAcknowledged(digest, block.Rtt.MinimumNs, nowNs);
        if (digest.AcknowledgedBytes > 0)
            OnAdvanced();
        var delivered = IsSelective
            ? digest.DeliveredBytes
            : _counted.Take(digest.AcknowledgedBytes, isDuplicate, Phase, _end);
        if (_judge?.IsSpurious(digest, block.Space.Unacknowledged, IsSelective, Scoreboard.LostBytes == 0) == true)
            Undo();
        var wasFast = Phase is RecoveryPhase.Fast;
        var isProbeRepair = Probe.OnAcknowledged(digest, isDuplicate);
        if (Phase is not RecoveryPhase.Open && !block.Space.Unacknowledged.IsBefore(_end))
            Leave(nowNs);
        KeepsTimer = Phase is RecoveryPhase.Fast && !IsSelective && _isPartial;
        _isPartial |= Phase is RecoveryPhase.Fast && digest.AcknowledgedBytes > 0;
        var lost = Detect(digest, isDuplicate, nowNs);
        if (Phase is RecoveryPhase.Open && ((lost > 0 && Path is not { IsAllThatIsLost: true }) || isProbeRepair))
            Enter(delivered, digest.AcknowledgedBytes, nowNs);
        if (Phase is RecoveryPhase.Timeout)
            _judge?.OnTimeoutAnswered(digest.AcknowledgedBytes > 0, digest.DeliveredBytes > 0, block.Space.Unsent > 0);
        if (Phase is RecoveryPhase.Fast)
            _proportional!.OnAcknowledged(
                delivered, InFlight, isSafe: digest.AcknowledgedBytes > 0 && lost == 0, block.Size.Steady,
                isPartial: digest.AcknowledgedBytes > 0 && !IsSelective);
        if (_isProportional ? bytes > 0 && !wasFast && Phase is not RecoveryPhase.Fast : digest.DeliveredBytes > 0)
            block.Congestion.OnAcknowledged(Sample(digest, bytes, isLimited, delivery, nowNs));
        if (!_isProportional && block.Congestion.IsHoldingBack)
            Rate.OnApplicationLimited(InFlight);
        if (digest.AcknowledgedBytes > 0 || digest.DeliveredBytes > 0)
            Probe.Schedule(Phase is RecoveryPhase.Open && IsSelective, block.Size.Steady, nowNs);
    }

    private void OnSending(int bytes)
    {
        if (Phase is RecoveryPhase.Fast)
            _proportional!.OnSent(bytes);
    }

    private void OnAdvanced()
    {
        Timeouts = 0;
        if (Path?.OnAdvanced() == true)
            block.Congestion.SetSegmentSize(block.Size.Steady);
        if (Phase is RecoveryPhase.Open && !block.Space.Unacknowledged.IsBefore(_end))
            _end = block.Space.Unacknowledged.Plus(-1); // It follows, so that it is never 2³¹ numbers behind.
        if (!block.Space.Unacknowledged.IsBefore(_markEnd))
            _markEnd = block.Space.Unacknowledged;
    }

    // RFC 6675 section 5 and RFC 8985 section 6.2; without selective acknowledgments RFC 5681 section 3.2.
    private int Detect(in TcpAckDigest digest, bool isDuplicate, long nowNs)
    {
        if (IsSelective)
        {
            _rack.Take(digest, _judge?.LastClock, block.Space.Unacknowledged, block.Space.Next, nowNs);
            return _rack.Detect(Phase is not RecoveryPhase.Open, nowNs);
        }

        return _counted.Detect(digest.AcknowledgedBytes > 0, isDuplicate, Phase, _end);
    }

    private void Enter(int delivered, int acknowledged, long nowNs)
    {
        // RFC 3168 section 6.1.2: marks and losses of one window reduce it once.
        if (!block.Space.Unacknowledged.IsBefore(_markEnd))
            block.Congestion.OnCongestion(block.Space.InFlight + acknowledged, isMark: false, nowNs);
        (Phase, _end, _markEnd, _isPartial) = (RecoveryPhase.Fast, block.Space.Next, block.Space.Next, false);
        Judge(isTimeout: false);
        Probe.Cancel();
        // RFC 9937 section 6.2: what was confirmed before is not delivered once more.
        var confirmed = Math.Max(0, Scoreboard.SackedBytes - Math.Max(0, delivered - acknowledged));
        _proportional ??= new();
        _proportional.Start(block.Space.InFlight + acknowledged - confirmed, block.Congestion.ThresholdBytes);
    }

    private void Judge(bool isTimeout)
    {
        _judge ??= new();
        _judge.Start(block.Space.Unacknowledged, isTimeout);
    }

    private void Leave(long nowNs)
    {
        EndFast(nowNs);
        Phase = RecoveryPhase.Open;
        _counted.Clear();
        _judge?.OnRepaired(block.Space.Next);
    }

    // Whatever ends fast recovery, the window is what congestion control made of it.
    private void EndFast(long nowNs)
    {
        if (Phase is not RecoveryPhase.Fast)
            return;
        block.Congestion.OnRecovered(InFlight, nowNs);
        _rack.OnRecovered();
    }

    private void Undo()
    {
        Undone++;
        _rack.OnUndone();
        block.Congestion.Undo();
        block.Rtt.Undo();
        Scoreboard.ClearLost();
        _counted.Clear();
        (Phase, _end) = (RecoveryPhase.Open, block.Space.Unacknowledged.Plus(-1));
        _judge?.End();
    }

    private TcpAckSample Sample(
        in TcpAckDigest digest, int bytes, bool isLimited, in DeliverySample delivery, long nowNs) => new()
        {
            Bytes = bytes,
            DeliveredBytes = digest.DeliveredBytes,
            IsLimited = isLimited,
            IsRepair = Phase is RecoveryPhase.Timeout,
            IsRecovering = Phase is not RecoveryPhase.Open,
            IsSelective = IsSelective,
            NowNs = nowNs,
            RttNs = digest.Latest is { } latest ? Math.Max(1, nowNs - latest.SentNs) : 0,
            MinimumRttNs = block.Rtt.MinimumNs,
            SmoothedRttNs = block.Rtt.SmoothedNs ?? 0,
            InFlight = InFlight,
            Delivered = Rate.Delivered,
            PriorDelivered = delivery.PriorDelivered,
            DeliveryRate = delivery.BytesPerSecond,
            IsAppLimited = delivery.IsAppLimited,
            SentInFlight = delivery.SentInFlight,
            LostSince = Rate.LostSince(delivery.PriorLost),
            Marks = digest.Marks,
        };
}
