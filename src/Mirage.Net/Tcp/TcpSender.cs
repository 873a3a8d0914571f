namespace Mirage.Net;

/// <summary>Decides which stretch of the send sequence space goes out next, and when none may.</summary>
internal sealed class TcpSender(TcpParameters parameters, TcpSendSpace space, TcpSegmentSize size, TcpRecovery recovery,
    TcpPersist persist, CongestionControl congestion, TcpPacer pacer, RttEstimator rtt, TcpTimestampState timestamps,
    TcpTimers timers, TcpEcn ecn)
{
    private uint _pushEnd; // One past the last write that was ended.
    private uint _smallEnd; // One past the last segment that was not full.
    private long _lastSentNs;

    /// <summary>Whether it was the congestion window that sending stopped at last.</summary>
    public bool IsCongestionLimited { get; private set; }

    /// <summary>Payload that one piece may have: what the device cuts, in whole segments.</summary>
    private int PieceMax
    {
        get
        {
            var limit = ecn.MayBeCut ? parameters.SegmentationLimit : 0;
            var most = Math.Max(size.Effective, limit / size.Effective * size.Effective);
            return pacer.PieceMax(size.Effective, most);
        }
    }

    /// <summary>The initial number is chosen: the marks begin there, for zero could lie ahead of it.</summary>
    public void Open() => (_pushEnd, _smallEnd) = (space.Initial, space.Initial);

    public void Start(long nowNs)
    {
        _lastSentNs = nowNs;
        OnAcknowledged();
        recovery.Start();
    }

    /// <summary>The application has appended to the queue, and what is there now ends a write.</summary>
    public void Push() => _pushEnd = space.DataEnd;

    /// <summary>The peer has acknowledged something. The marks follow, so that none is ever 2³¹ numbers
    /// behind.</summary>
    public void OnAcknowledged()
    {
        _pushEnd = SequenceNumber.Later(_pushEnd, space.Unacknowledged);
        _smallEnd = SequenceNumber.Later(_smallEnd, space.Unacknowledged);
    }

    /// <summary>The next piece, if one may go out. Calling it counts the piece as sent.</summary>
    public bool TryNext(long nowNs, out TcpPiece piece)
    {
        if (persist.IsDue && TryForced(nowNs, out piece))
            return true;
        if (recovery.Probe.IsDue && TryProbe(nowNs, out piece))
            return true;
        if (!recovery.Scoreboard.TryFirstLost(out var slot))
            return TryNew(nowNs, out piece);
        return (recovery.PrefersNew && TryNew(nowNs, out piece)) || TryLost(slot, nowNs, out piece);
    }

    private bool TryLost(int slot, long nowNs, out TcpPiece piece)
    {
        piece = default;
        var (start, length) = (recovery.Scoreboard[slot].Start, recovery.Scoreboard[slot].Length);
        var room = start.DistanceTo(space.WindowEnd);
        if (room <= 0)
        {
            // The window shrank onto what was sent, RFC 9293 section 3.8.6: only the first byte goes out, as a probe.
            if (start != space.Unacknowledged)
                return false;
            room = 1;
        }

        var allowed = recovery.WindowBytes - recovery.InFlight;
        if (recovery.InFlight > 0 && allowed < Math.Min(length, size.Effective))
            return Hold();
        if (!pacer.MaySend(size.Effective, nowNs))
            return false; // It says nothing of the window: that is full later, or not.
        var limit = Math.Min(PieceMax, WholeSegments(Math.Max(allowed, size.Effective)));
        if (space.IsFinSent && start.DistanceTo(space.DataEnd) <= limit)
            limit++; // The FIN has a number and no byte.
        piece = Repeat(slot, Math.Min(limit, room), isProbe: false, nowNs);
        OnSent(nowNs);
        return true;
    }

    private bool TryNew(long nowNs, out TcpPiece piece)
    {
        piece = default;
        var unsent = space.Unsent;
        var isFinDue = space.IsFinQueued && !space.IsFinSent;
        if (unsent == 0 && !isFinDue)
        {
            // draft-ietf-ccwg-bbr section 4.1.2.4: not while the window is full anyway.
            if (recovery.InFlight < recovery.WindowBytes)
                recovery.Rate.OnApplicationLimited(recovery.InFlight);
            IsCongestionLimited = false;
            return false;
        }

        if (space.InFlight == 0)
            Restart(nowNs);
        var usable = space.Next.DistanceTo(space.WindowEnd);
        if (TryPathProbe(Math.Min(unsent, usable), nowNs, out piece))
            return true;
        var length = Math.Min(Math.Min(unsent, usable), PieceMax);
        if (length <= 0 && !(unsent == 0 && usable > 0))
            return Wait(nowNs);

        var allowed = recovery.WindowBytes - recovery.InFlight;
        if (allowed < Math.Min(Math.Max(length, 1), size.Effective))
            return Hold();
        if (recovery.Scoreboard.IsFull)
        {
            IsCongestionLimited = false; // A great many small segments are no full window.
            return false;
        }

        length = (int)Math.Min(length, allowed);
        if (length % size.Effective != 0 && !MaySendSmall(length, unsent, isFinDue))
            length = WholeSegments(length);
        if (length == 0 && unsent > 0)
            return Wait(nowNs);
        if (!pacer.MaySend(size.Effective, nowNs))
            return false; // It says nothing of the window: that is full later, or not.
        piece = Piece(space.Next, length, isFinDue && length == unsent && usable > length);
        SendNew(piece, isProbe: false, nowNs);
        return true;
    }

    private void Restart(long nowNs)
    {
        if (nowNs - _lastSentNs > rtt.RtoNs)
            congestion.OnIdle();
        if (recovery.Rate.IsAppLimited)
            congestion.OnRestart(nowNs);
    }

    // RFC 4821 section 7.4: only while nothing is lost, and with more to follow, so that its own loss shows.
    private bool TryPathProbe(int available, long nowNs, out TcpPiece piece)
    {
        piece = default;
        if (recovery.Path.Wanted(nowNs) is not { } wanted || recovery.Phase is not RecoveryPhase.Open)
            return false;
        var length = wanted - size.Overhead;
        var isRoom = recovery.WindowBytes - recovery.InFlight >= length && !recovery.Scoreboard.IsFull;
        if (!isRoom || available < length + (TcpLimits.DuplicateAcksMax * size.Effective))
            return false;
        piece = Piece(space.Next, length, isFin: false) with { IsPathProbe = true };
        SendNew(piece, isProbe: false, nowNs);
        recovery.Path.OnSent(piece.Sequence);
        return true;
    }

    // RFC 8985 section 7.3: new data if the peer takes them, the last segment once more if not.
    private bool TryProbe(long nowNs, out TcpPiece piece)
    {
        piece = default;
        var room = space.Next.DistanceTo(space.WindowEnd);
        var length = Math.Min(Math.Min(space.Unsent, room), size.Effective);
        if (length > 0 && !recovery.Scoreboard.IsFull)
        {
            piece = Piece(space.Next, length, isFin: false);
            SendNew(piece, isProbe: true, nowNs);
            return true;
        }

        if (recovery.Scoreboard.Count == 0 || space.Window == 0)
        {
            recovery.Probe.Skip();
            return false;
        }

        var limit = size.Effective + (space.IsFinSent ? 1 : 0);
        piece = Repeat(recovery.Scoreboard.CutLast(limit), limit, isProbe: true, nowNs);
        OnSent(nowNs);
        return true;
    }

    // RFC 9293 section 3.8.6.2.1 with Nagle's algorithm of section 3.7.4, as its conditions 1 to 3 are numbered there.
    private bool MaySendSmall(int length, int unsent, bool isFinDue)
    {
        if (length == unsent)
        {
            // Condition 2: a write is at its end. Nagle is taken in Minshall's form: a small segment waits for the one
            // before it and not for full ones, so that the tail of a long write does not wait for a delayed
            // acknowledgment.
            var mayFollow = !parameters.Nagle || _smallEnd.IsUpTo(space.Unacknowledged);
            return isFinDue || (_pushEnd.IsAfter(space.Next) && mayFollow);
        }

        // Condition 3: the peer's buffer is small, and half of what it ever offered is free.
        return space.InFlight == 0 && length >= space.WindowMax / 2 && length < size.Effective;
    }

    // A probe of a window that is shut has one byte of new data, always the same; the FIN when there is nothing else.
    private bool TryForced(long nowNs, out TcpPiece piece)
    {
        piece = default;
        persist.OnProbed();
        var start = space.Unacknowledged;
        var room = start.DistanceTo(space.WindowEnd);
        if (space.InFlight > 0 && room > 0)
            return false; // An acknowledgment has been faster.
        if (space.InFlight > 0)
        {
            piece = Repeat(recovery.Scoreboard.FirstSlot, 1, isProbe: false, nowNs);
            return true;
        }

        var data = start.DistanceTo(space.DataEnd);
        var length = Math.Clamp(data, 0, Math.Clamp(room, 1, size.Effective));
        var isFin = space.IsFinQueued && data == length && (length == 0 || room > length);
        if (length == 0 && !isFin)
            return false;
        piece = Piece(start, length, isFin);
        if (room > 0)
            SendNew(piece, isProbe: false, nowNs);
        else
            Record(piece, isProbe: false, nowNs); // No timer of its own: the next probe is sent by the persist timer.
        return true;
    }

    private TcpPiece Piece(uint start, int length, bool isFin)
    {
        var isPush = length > 0 && _pushEnd.IsAfter(start) && _pushEnd.IsUpTo(start.Plus(length));
        return new(start, length, (isFin ? TcpFlags.Fin : TcpFlags.None) | (isPush ? TcpFlags.Psh : TcpFlags.None));
    }

    private TcpPiece Repeat(int slot, int limit, bool isProbe, long nowNs)
    {
        var start = recovery.Scoreboard[slot].Start;
        var end = recovery.Retransmit(slot, limit, timestamps.IsOn ? timestamps.Clock(nowNs) : null, isProbe, nowNs);
        var isFin = end.IsAfter(space.DataEnd);
        pacer.OnSent(start.DistanceTo(end), nowNs);
        return Piece(start, start.DistanceTo(isFin ? space.DataEnd : end), isFin);
    }

    private void SendNew(in TcpPiece piece, bool isProbe, long nowNs)
    {
        Record(piece, isProbe, nowNs);
        if (piece.Length % size.Effective != 0)
            _smallEnd = piece.Sequence.Plus(piece.Length);
        pacer.OnSent(piece.Length, nowNs);
        persist.Stop();
        OnSent(nowNs);
    }

    private void Record(in TcpPiece piece, bool isProbe, long nowNs)
    {
        var before = space.InFlight;
        space.OnSent(piece.End);
        recovery.OnSent(piece.Sequence, before, isProbe, nowNs);
    }

    private void OnSent(long nowNs)
    {
        _lastSentNs = nowNs;
        if (!timers.IsArmed(TcpTimer.Retransmit))
            timers.Arm(TcpTimer.Retransmit, nowNs, rtt.RtoNs); // RFC 6298 section 5.1.
    }

    private bool Hold()
    {
        IsCongestionLimited = true;
        return false;
    }

    private bool Wait(long nowNs)
    {
        IsCongestionLimited = false;
        if (space.InFlight == 0)
            persist.Wait(nowNs);
        return false;
    }

    private int WholeSegments(long bytes) => (int)(Math.Min(bytes, int.MaxValue) / size.Effective) * size.Effective;
}
