using System.Diagnostics;

namespace Mirage.Net;

/// <summary>What is lost, and is to be sent again: RFC 5681 section 3.2, RFC 6582, and after a timeout everything in
/// order.</summary>
/// <remarks>The lost stretch is consumed from its start. What is lost is not in flight, so that retransmissions are
/// paced by the congestion window like new data, except for the one which a duplicate or a partial acknowledgment calls
/// for at once.</remarks>
internal sealed class TcpRecovery(TcpSendSpace space, TcpSegmentSize size, ICongestionControl congestion)
{
    private uint _lostStart;
    private uint _lostEnd;
    private bool _isFast;
    private uint _recover; // RFC 6582: one past what was sent when the loss was found.
    private uint _timeoutEnd; // One past what was sent when the timer expired.
    private uint _echoEnd; // One past what was sent when the window was reduced for a mark.
    private int _duplicates;
    private int _partials;
    // What RFC 6582 adds to cwnd for segments that have left the network; negative when it deflates.
    private int _inflation;
    private int _inflationMax;

    /// <summary>Timeouts since the peer last acknowledged something new.</summary>
    public int Timeouts { get; set; }

    /// <summary>Whether the next retransmission goes out whatever the congestion window says.</summary>
    public bool IsDue { get; private set; }

    public bool HasLost => _lostStart.IsBefore(_lostEnd);

    /// <summary>The first number to be sent again.</summary>
    public uint LostStart => _lostStart;

    public uint LostEnd => _lostEnd;

    /// <summary>Whether fast recovery is under way.</summary>
    public bool IsFast => _isFast;

    /// <summary>Numbers that are on their way, as far as is known.</summary>
    public int InFlight => space.InFlight - (HasLost ? _lostStart.DistanceTo(_lostEnd) : 0);

    /// <summary>Bytes that may be in flight.</summary>
    public long WindowBytes => Math.Max(congestion.WindowBytes + _inflation, size.Effective);

    public void Start() => (_lostStart, _lostEnd, _timeoutEnd, _echoEnd) =
        (space.Initial, space.Initial, space.Initial, space.Initial);

    /// <summary>Everything before <paramref name="end"/> that was lost has been sent again.</summary>
    public void OnRetransmitted(uint end)
    {
        Debug.Assert(end.IsAfter(_lostStart), "A retransmission takes at least one number.");
        _lostStart = end;
        IsDue = false;
    }

    /// <summary>All that is not acknowledged is to be sent again: it was too long for the path, or the window was shut
    /// on it.</summary>
    public void MarkLost()
    {
        (_lostStart, _lostEnd) = (space.Unacknowledged, space.Next);
        _timeoutEnd = space.Next;
        EndFast();
    }

    /// <summary>The peer says that a router has marked what it received, RFC 3168 section 6.1.2: a loss that needs no
    /// repair, at most once a window.</summary>
    /// <returns>Whether the window was reduced.</returns>
    public bool OnCongestionEcho(long nowNs)
    {
        if (_isFast || HasLost || space.Unacknowledged.IsBefore(_echoEnd))
            return false;
        congestion.OnLoss(space.InFlight, nowNs);
        _echoEnd = space.Next;
        return true;
    }

    /// <summary>The timer expired on what is in flight.</summary>
    public void OnTimeout(long nowNs)
    {
        if (space.Window > 0) // Into a window that was shut, it was a probe: its loss says nothing of the path.
            congestion.OnTimeout(space.InFlight, isFirst: Timeouts == 0, nowNs);
        Timeouts++;
        MarkLost();
    }

    /// <summary>The peer has received a segment beyond what it waits for.</summary>
    public void OnDuplicate(long nowNs)
    {
        if (_isFast)
        {
            // RFC 5681 section 3.2: no more is added than was in flight, or a peer that repeats itself could ask for
            // any rate.
            _inflation = Math.Min(_inflation + size.Effective, _inflationMax);
            return;
        }

        _duplicates = Math.Min(_duplicates + 1, TcpLimits.DuplicateAcksMax + 1);
        if (_duplicates < TcpLimits.DuplicateAcksMax)
            _inflation = _duplicates * size.Effective; // RFC 3042: two new segments bring the third duplicate about.
        else if (_duplicates == TcpLimits.DuplicateAcksMax && space.Unacknowledged.IsAfter(_timeoutEnd))
            // RFC 6582 section 3.2 step 2: duplicates of what a timeout sent again would tell of no loss.
            StartFast(nowNs);
    }

    /// <summary>The peer has acknowledged <paramref name="bytes"/> more.</summary>
    /// <returns>Whether the retransmission timer starts anew.</returns>
    public bool OnAcknowledged(int bytes, bool isLimited, long nowNs)
    {
        _duplicates = 0;
        Timeouts = 0;
        _echoEnd = SequenceNumber.Later(_echoEnd, space.Unacknowledged);
        _lostStart = SequenceNumber.Later(_lostStart, space.Unacknowledged);
        _lostEnd = SequenceNumber.Later(_lostEnd, _lostStart);
        var isRepair = space.Unacknowledged.IsUpTo(_timeoutEnd);
        if (!isRepair)
            _timeoutEnd = space.Unacknowledged.Plus(-1); // It follows, so that it is never 2³¹ numbers behind.
        if (!_isFast)
        {
            _inflation = 0;
            congestion.OnAcknowledged(new(bytes, isLimited, isRepair, nowNs));
            return true;
        }

        if (!space.Unacknowledged.IsBefore(_recover))
        {
            EndFast();
            congestion.OnRecovered(space.InFlight, nowNs);
            return true;
        }

        return RepairNext(bytes);
    }

    private void StartFast(long nowNs)
    {
        congestion.OnLoss(space.InFlight, nowNs);
        _isFast = true;
        _partials = 0;
        _recover = space.Next;
        _inflation = TcpLimits.DuplicateAcksMax * size.Effective;
        _inflationMax = Math.Max(space.InFlight, _inflation);
        MarkFirst();
    }

    // RFC 6582 section 3.2 step 3: a partial acknowledgment shows the next hole.
    private bool RepairNext(int bytes)
    {
        _inflation -= bytes;
        if (bytes >= size.Effective)
            _inflation += size.Effective;
        MarkFirst();
        // The impatient variant: a window full of holes ends in slow start and not in one hole a trip.
        return ++_partials == 1;
    }

    private void MarkFirst()
    {
        _lostStart = space.Unacknowledged;
        _lostEnd = SequenceNumber.Earlier(_lostStart.Plus(size.Effective), _recover);
        IsDue = HasLost;
    }

    private void EndFast()
    {
        _isFast = false;
        _inflation = 0;
        _duplicates = 0;
        IsDue = false;
    }
}
