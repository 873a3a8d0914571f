namespace Mirage.Net.Tests;

/// <summary>A path played to BBR, sample by sample: so much bandwidth, such a round trip, and what a test has it
/// lose.</summary>
/// <remarks>A step is a segment: it arrives when the bandwidth lets it, and what was in flight when it was sent follows
/// from the pace and the window of the control. All of it in virtual time.</remarks>
internal sealed class BbrDriver
{
    public const int Segment = 1000;

    private readonly Queue<Sent> _sent = new();
    private double _nextNs;
    private double _freeNs; // When the bottleneck is done with what it has.
    private double _leavesNs; // When the pace lets the next one leave.
    private long _delivered;
    private long _deliveredNs;
    private long _firstSentNs;
    private long _limitedUntil;
    private long _lost;
    private int _inFlight;
    private long _number;
    private long _recoveredAt; // The number at which what is lost counts as repaired.

    public BbrDriver()
    {
        Control = new BbrControl();
        Control.SetSegmentSize(Segment);
        Control.Start(isSynLost: false, seed: 1);
    }

    /// <summary>A segment on its way.</summary>
    private readonly record struct Sent(
        long Number, long AtNs, double ArrivesNs, long Delivered, long DeliveredNs, long FirstSentNs, bool IsAppLimited,
        int InFlight, long Lost);

    public BbrControl Control { get; }

    /// <summary>Bytes a second.</summary>
    public double Bandwidth { get; set; } = 1_000_000;

    public long RttNs { get; set; } = 100_000_000;

    /// <summary>Segments that the bottleneck holds before it drops; more than any window to begin with.</summary>
    public int Queue { get; set; } = int.MaxValue;

    /// <summary>Whether the segment of this number is lost on its way.</summary>
    public Func<long, bool> Loses { get; set; } = static _ => false;

    /// <summary>Bytes that the application lets be in flight.</summary>
    public long Application { get; set; } = long.MaxValue;

    /// <summary>Whether something that was lost is not repaired.</summary>
    public bool IsRecovering { get; private set; }

    public double NowNs => _nextNs;

    public int InFlight => _inFlight;

    /// <summary>Bytes in flight of a path that is full and has no queue.</summary>
    public double Product => Bandwidth * RttNs / 1e9;

    /// <summary>States in the order in which they were entered.</summary>
    public List<BbrState> States { get; } = [BbrState.Startup];

    /// <summary>Runs until a state is entered, and fails when it is not within a minute.</summary>
    public BbrDriver RunTo(BbrState state)
    {
        var end = _nextNs + 60e9;
        while (Control.State != state)
        {
            Assert.True(_nextNs < end, $"{state} is not reached: {string.Join(", ", States)}");
            Step();
        }

        return this;
    }

    public BbrDriver RunFor(double milliseconds)
    {
        for (var end = _nextNs + (milliseconds * 1e6); _nextNs < end;)
            Step();
        return this;
    }

    /// <summary>The application sends nothing, and what is in flight arrives; then it goes on.</summary>
    public void Pause(double milliseconds)
    {
        while (_sent.Count > 0)
            Arrive(_sent.Dequeue());
        _limitedUntil = _delivered + 1;
        _nextNs += milliseconds * 1e6;
        Control.OnRestart((long)_nextNs);
        _leavesNs = _nextNs;
    }

    /// <summary>The next thing that happens: a segment leaves or one arrives.</summary>
    private void Step()
    {
        var mayLeave = _inFlight + Segment <= Math.Min(Control.WindowBytes, Application);
        if (!mayLeave && _inFlight + Segment > Application && Application < Control.WindowBytes)
            _limitedUntil = _delivered + Math.Max(1, _inFlight);
        var leavesNs = mayLeave ? Math.Max(_leavesNs, _nextNs) : double.MaxValue;
        if (_sent.Count > 0 && _sent.Peek().ArrivesNs <= leavesNs)
            Arrive(_sent.Dequeue());
        else if (mayLeave)
            Leave(leavesNs);
        else
            throw new InvalidOperationException("Nothing is in flight and nothing may leave.");
    }

    private void Leave(double nowNs)
    {
        _nextNs = nowNs;
        if (_inFlight == 0)
            (_firstSentNs, _deliveredNs) = ((long)nowNs, (long)nowNs);
        _inFlight += Segment;
        var queueNs = Math.Max(0, _freeNs - nowNs);
        var isDropped = queueNs * Bandwidth / 1e9 / Segment > Queue;
        if (!isDropped)
            _freeNs = Math.Max(_freeNs, nowNs) + (Segment / Bandwidth * 1e9);
        // A lost one is noticed when what follows it arrives.
        var sent = new Sent(
            isDropped ? -1 : _number, (long)nowNs, _freeNs + RttNs, _delivered, _deliveredNs, _firstSentNs,
            _limitedUntil > _delivered, _inFlight, _lost);
        _number++;
        _sent.Enqueue(sent);
        var rate = Control.PacingBytesPerSecond ?? 2 * Control.WindowBytes / (RttNs / 1e9);
        _leavesNs = nowNs + (Segment / (double)rate * 1e9);
    }

    private void Arrive(in Sent sent)
    {
        _nextNs = Math.Max(_nextNs, sent.ArrivesNs);
        _inFlight -= Segment;
        if (sent.Number < 0 || Loses(sent.Number))
            Lose(sent);
        else
            Confirm(sent);
        if (States[^1] != Control.State)
            States.Add(Control.State);
    }

    private void Lose(in Sent sent)
    {
        _lost += Segment;
        Control.OnLost(new()
        {
            Bytes = Segment,
            SentInFlight = sent.InFlight,
            LostSince = _lost - sent.Lost,
            IsAppLimited = sent.IsAppLimited,
            IsNewRange = true,
            Delivered = _delivered,
        });
        if (!IsRecovering)
            Control.OnCongestion(_inFlight, isMark: false, (long)_nextNs);
        IsRecovering = true;
        _recoveredAt = _number;
    }

    private void Confirm(in Sent sent)
    {
        _delivered += Segment;
        _deliveredNs = (long)_nextNs;
        _firstSentNs = sent.AtNs;
        if (IsRecovering && sent.Number >= _recoveredAt)
        {
            IsRecovering = false;
            Control.OnRecovered(_inFlight, (long)_nextNs);
        }

        var intervalNs = Math.Max(sent.AtNs - sent.FirstSentNs, _deliveredNs - sent.DeliveredNs);
        Control.OnAcknowledged(new()
        {
            Bytes = Segment,
            DeliveredBytes = Segment,
            IsLimited = true,
            IsRecovering = IsRecovering,
            IsSelective = true,
            NowNs = (long)_nextNs,
            RttNs = (long)_nextNs - sent.AtNs,
            SmoothedRttNs = RttNs,
            InFlight = _inFlight,
            Delivered = _delivered,
            PriorDelivered = sent.Delivered,
            DeliveryRate = intervalNs < RttNs ? 0 : (long)((_delivered - sent.Delivered) * 1e9 / intervalNs),
            IsAppLimited = sent.IsAppLimited,
            SentInFlight = sent.InFlight,
            LostSince = _lost - sent.Lost,
        });
        if (Control.IsHoldingBack)
            _limitedUntil = _delivered + Math.Max(1, _inFlight);
    }
}
