namespace Mirage.Net;

/// <summary>Decides which stretch of the send sequence space goes out next, and when none may.</summary>
internal struct TcpSender(TcpControlBlock block)
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
            var limit = block.Ecn.MayBeCut ? block.Parameters.SegmentationLimit : 0;
            var most = Math.Max(block.Size.Effective, limit / block.Size.Effective * block.Size.Effective);
            return block.Pacer.PieceMax(block.Size.Effective, most);
        }
    }

    /// <summary>The initial number is chosen: the marks begin there, for zero could lie ahead of it.</summary>
    public void Open() => (_pushEnd, _smallEnd) = (block.Space.Initial, block.Space.Initial);

    public void Start(long nowNs)
    {
        _lastSentNs = nowNs;
        OnAcknowledged();
        block.Recovery.Start();
    }

    /// <summary>The application has appended to the queue, and what is there now ends a write.</summary>
    public void Push() => _pushEnd = block.Space.DataEnd;

    /// <summary>The peer has acknowledged something. The marks follow, so that none is ever 2³¹ numbers
    /// behind.</summary>
    public void OnAcknowledged()
    {
        _pushEnd = SequenceNumber.Later(_pushEnd, block.Space.Unacknowledged);
        _smallEnd = SequenceNumber.Later(_smallEnd, block.Space.Unacknowledged);
    }

    /// <summary>The next piece, if one may go out. Calling it counts the piece as sent.</summary>
    public bool TryNext(long nowNs, out TcpPiece piece)
    {
        if (block.Persist.IsDue && TryForced(nowNs, out piece))
            return true;
        if (block.Recovery.Probe.IsDue && TryProbe(nowNs, out piece))
            return true;
        if (!block.Recovery.Scoreboard.TryFirstLost(out var slot))
            return TryNew(nowNs, out piece);
        return (block.Recovery.PrefersNew && TryNew(nowNs, out piece)) || TryLost(slot, nowNs, out piece);
    }

    private bool TryLost(int slot, long nowNs, out TcpPiece piece)
    {
        piece = default;
        var (start, length) = (block.Recovery.Scoreboard[slot].Start, block.Recovery.Scoreboard[slot].Length);
        var room = start.DistanceTo(block.Space.WindowEnd);
        if (room <= 0)
        {
            // The window shrank onto what was sent, RFC 9293 section 3.8.6: only the first byte goes out, as a probe.
            if (start != block.Space.Unacknowledged)
                return false;
            room = 1;
        }

        var allowed = block.Recovery.WindowBytes - block.Recovery.InFlight;
        if (block.Recovery.InFlight > 0 && allowed < Math.Min(length, block.Size.Effective))
            return Hold();
        if (!block.Pacer.MaySend(block.Size.Effective, nowNs))
            return false; // It says nothing of the window: that is full later, or not.
        var limit = Math.Min(PieceMax, WholeSegments(Math.Max(allowed, block.Size.Effective)));
        if (block.Space.IsFinSent && start.DistanceTo(block.Space.DataEnd) <= limit)
            limit++; // The FIN has a number and no byte.
        piece = Repeat(slot, Math.Min(limit, room), isProbe: false, nowNs);
        OnSent(nowNs);
        return true;
    }

    private bool TryNew(long nowNs, out TcpPiece piece)
    {
        piece = default;
        var unsent = block.Space.Unsent;
        var isFinDue = block.Space.IsFinQueued && !block.Space.IsFinSent;
        if (unsent == 0 && !isFinDue)
        {
            // draft-ietf-ccwg-bbr section 4.1.2.4: not while the window is full anyway.
            if (block.Recovery.InFlight < block.Recovery.WindowBytes)
                block.Recovery.Rate.OnApplicationLimited(block.Recovery.InFlight);
            IsCongestionLimited = false;
            return false;
        }

        if (block.Space.InFlight == 0)
            Restart(nowNs);
        var usable = block.Space.Next.DistanceTo(block.Space.WindowEnd);
        if (TryPathProbe(Math.Min(unsent, usable), nowNs, out piece))
            return true;
        var length = Math.Min(Math.Min(unsent, usable), PieceMax);
        if (length <= 0 && !(unsent == 0 && usable > 0))
            return Wait(nowNs);

        var allowed = block.Recovery.WindowBytes - block.Recovery.InFlight;
        if (allowed < Math.Min(Math.Max(length, 1), block.Size.Effective))
            return Hold();
        if (block.Recovery.Scoreboard.IsFull)
        {
            IsCongestionLimited = false; // A great many small segments are no full window.
            return false;
        }

        length = (int)Math.Min(length, allowed);
        if (length % block.Size.Effective != 0 && !MaySendSmall(length, unsent, isFinDue))
            length = WholeSegments(length);
        if (length == 0 && unsent > 0)
            return Wait(nowNs);
        if (!block.Pacer.MaySend(block.Size.Effective, nowNs))
            return false; // It says nothing of the window: that is full later, or not.
        piece = Piece(block.Space.Next, length, isFinDue && length == unsent && usable > length);
        SendNew(piece, isProbe: false, nowNs);
        return true;
    }

    private void Restart(long nowNs)
    {
        if (nowNs - _lastSentNs > block.Rtt.RtoNs)
            block.Congestion.OnIdle();
        if (block.Recovery.Rate.IsAppLimited)
            block.Congestion.OnRestart(nowNs);
    }

    // RFC 4821 section 7.4: only while nothing is lost, and with more to follow, so that its own loss shows.
    private bool TryPathProbe(int available, long nowNs, out TcpPiece piece)
    {
        piece = default;
        if (block.Recovery.Path?.Wanted(nowNs) is not { } wanted || block.Recovery.Phase is not RecoveryPhase.Open)
            return false;
        var length = wanted - block.Size.Overhead;
        var allowed = block.Recovery.WindowBytes - block.Recovery.InFlight;
        if (allowed < length || block.Recovery.Scoreboard.IsFull
            || available < length + (TcpLimits.DuplicateAcksMax * block.Size.Effective))
            return false;
        piece = Piece(block.Space.Next, length, isFin: false) with { IsPathProbe = true };
        SendNew(piece, isProbe: false, nowNs);
        block.Recovery.Path.OnSent(piece.Sequence, wanted);
        return true;
    }

    // RFC 8985 section 7.3: new data if the peer takes them, the last segment once more if not.
    private bool TryProbe(long nowNs, out TcpPiece piece)
    {
        piece = default;
        var room = block.Space.Next.DistanceTo(block.Space.WindowEnd);
        var length = Math.Min(Math.Min(block.Space.Unsent, room), block.Size.Effective);
        if (length > 0 && !block.Recovery.Scoreboard.IsFull)
        {
            piece = Piece(block.Space.Next, length, isFin: false);
            SendNew(piece, isProbe: true, nowNs);
            return true;
        }

        if (block.Recovery.Scoreboard.Count == 0 || block.Space.Window == 0)
        {
            block.Recovery.Probe.Skip();
            return false;
        }

        var limit = block.Size.Effective + (block.Space.IsFinSent ? 1 : 0);
        piece = Repeat(block.Recovery.Scoreboard.CutLast(limit), limit, isProbe: true, nowNs);
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
            var mayFollow = !block.Parameters.Nagle || _smallEnd.IsUpTo(block.Space.Unacknowledged);
            return isFinDue || (_pushEnd.IsAfter(block.Space.Next) && mayFollow);
        }

        // Condition 3: the peer's buffer is small, and half of what it ever offered is free.
        return block.Space.InFlight == 0 && length >= block.Space.WindowMax / 2 && length < block.Size.Effective;
    }

    // A probe of a window that is shut has one byte of new data, always the same; the FIN when there is nothing else.
    private bool TryForced(long nowNs, out TcpPiece piece)
    {
        piece = default;
        block.Persist.OnProbed();
        var start = block.Space.Unacknowledged;
        var room = start.DistanceTo(block.Space.WindowEnd);
        if (block.Space.InFlight > 0 && room > 0)
            return false; // An acknowledgment has been faster.
        if (block.Space.InFlight > 0)
        {
            piece = Repeat(block.Recovery.Scoreboard.FirstSlot, 1, isProbe: false, nowNs);
            return true;
        }

        var data = start.DistanceTo(block.Space.DataEnd);
        var length = Math.Clamp(data, 0, Math.Clamp(room, 1, block.Size.Effective));
        var isFin = block.Space.IsFinQueued && data == length && (length == 0 || room > length);
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
        var start = block.Recovery.Scoreboard[slot].Start;
        uint? clock = block.Timestamps.IsOn ? block.Timestamps.Clock(nowNs) : null;
        var end = block.Recovery.Retransmit(slot, limit, clock, isProbe, nowNs);
        var isFin = end.IsAfter(block.Space.DataEnd);
        block.Pacer.OnSent(start.DistanceTo(end), nowNs);
        return Piece(start, start.DistanceTo(isFin ? block.Space.DataEnd : end), isFin);
    }

    private void SendNew(in TcpPiece piece, bool isProbe, long nowNs)
    {
        Record(piece, isProbe, nowNs);
        if (piece.Length % block.Size.Effective != 0)
            _smallEnd = piece.Sequence.Plus(piece.Length);
        block.Pacer.OnSent(piece.Length, nowNs);
        block.Persist.Stop();
        OnSent(nowNs);
    }

    private void Record(in TcpPiece piece, bool isProbe, long nowNs)
    {
        var before = block.Space.InFlight;
        block.Space.OnSent(piece.End);
        block.Recovery.OnSent(piece.Sequence, before, isProbe, nowNs);
    }

    private void OnSent(long nowNs)
    {
        _lastSentNs = nowNs;
        if (!block.Timers.IsArmed(TcpTimer.Retransmit))
            block.Timers.Arm(TcpTimer.Retransmit, nowNs, block.Rtt.RtoNs); // RFC 6298 section 5.1.
    }

    private bool Hold()
    {
        IsCongestionLimited = true;
        return false;
    }

    private bool Wait(long nowNs)
    {
        IsCongestionLimited = false;
        if (block.Space.InFlight == 0)
            block.Persist.Wait(nowNs);
        return false;
    }

    private int WholeSegments(long bytes)
    {
        var segment = block.Size.Effective;
        return (int)(Math.Min(bytes, int.MaxValue) / segment) * segment;
    }
}
