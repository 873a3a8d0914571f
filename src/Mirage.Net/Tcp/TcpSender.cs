namespace Mirage.Net;

/// <summary>Decides which stretch of the send sequence space goes out next, and when none may.</summary>
internal sealed class TcpSender(TcpParameters parameters, TcpSendSpace space, TcpSegmentSize size, TcpRecovery recovery,
    TcpPersist persist, ICongestionControl congestion, RttEstimator rtt, TcpTimers timers)
{
    private uint _pushEnd; // One past the last write that was ended.
    private uint _smallEnd; // One past the last segment that was not full.
    private long _lastSentNs;

    /// <summary>Whether it was the congestion window that sending stopped at last.</summary>
    public bool IsCongestionLimited { get; private set; }

    /// <summary>Payload that one piece may have: what the device cuts, in whole segments.</summary>
    private int PieceMax => Math.Max(size.Effective, parameters.SegmentationLimit / size.Effective * size.Effective);

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
        return recovery.HasLost ? TryLost(nowNs, out piece) : TryNew(nowNs, out piece);
    }

    private bool TryLost(long nowNs, out TcpPiece piece)
    {
        piece = default;
        var start = recovery.LostStart;
        var room = start.DistanceTo(space.WindowEnd);
        if (room <= 0)
        {
            // The window shrank onto what was sent, RFC 9293 section 3.8.6: only the first byte goes out, as a probe.
            if (start != space.Unacknowledged)
                return false;
            room = 1;
        }

        var allowed = recovery.WindowBytes - recovery.InFlight;
        if (!recovery.IsDue && recovery.InFlight > 0 && allowed < size.Effective)
        {
            IsCongestionLimited = true;
            return false;
        }

        var whole = WholeSegments(Math.Max(allowed, size.Effective));
        var limit = recovery.IsDue ? size.Effective : Math.Min(PieceMax, whole);
        var end = SequenceNumber.Earlier(recovery.LostEnd, space.DataEnd);
        var length = Math.Clamp(start.DistanceTo(end), 0, Math.Min(limit, room));
        var isFin = recovery.LostEnd.IsAfter(space.DataEnd) && start.Plus(length) == space.DataEnd && room > length;
        piece = Piece(start, length, isFin);
        recovery.OnRetransmitted(piece.End);
        rtt.Cancel();
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
            IsCongestionLimited = false;
            return false;
        }

        if (space.InFlight == 0 && nowNs - _lastSentNs > rtt.RtoNs)
            congestion.OnIdle();
        var usable = space.Next.DistanceTo(space.WindowEnd);
        var length = Math.Min(Math.Min(unsent, usable), PieceMax);
        if (length <= 0 && !(unsent == 0 && usable > 0))
            return Wait(nowNs);

        var allowed = recovery.WindowBytes - recovery.InFlight;
        if (allowed < Math.Min(Math.Max(length, 1), size.Effective))
        {
            IsCongestionLimited = true;
            return false;
        }

        length = (int)Math.Min(length, allowed);
        if (length % size.Effective != 0 && !MaySendSmall(length, unsent, isFinDue))
            length = WholeSegments(length);
        if (length == 0 && unsent > 0)
            return Wait(nowNs);
        SendNew(Piece(space.Next, length, isFinDue && length == unsent && usable > length), nowNs, out piece);
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

        var data = start.DistanceTo(space.DataEnd);
        var length = Math.Clamp(room, 1, size.Effective);
        length = Math.Clamp(data, 0, length);
        var isFin = space.IsFinQueued && data == length && (length == 0 || room > length);
        if (length == 0 && !isFin)
            return false;
        piece = Piece(start, length, isFin);
        if (room > 0)
        {
            SendNew(piece, nowNs, out piece);
            return true;
        }

        space.OnSent(piece.End);
        rtt.Cancel();
        return true;
    }

    private TcpPiece Piece(uint start, int length, bool isFin)
    {
        var isPush = length > 0 && _pushEnd.IsAfter(start) && _pushEnd.IsUpTo(start.Plus(length));
        return new(start, length, (isFin ? TcpFlags.Fin : TcpFlags.None) | (isPush ? TcpFlags.Psh : TcpFlags.None));
    }

    private void SendNew(TcpPiece next, long nowNs, out TcpPiece piece)
    {
        piece = next;
        space.OnSent(next.End);
        if (next.Length % size.Effective != 0)
            _smallEnd = next.Sequence.Plus(next.Length);
        rtt.Start(next.End, nowNs);
        persist.Stop();
        OnSent(nowNs);
    }

    private void OnSent(long nowNs)
    {
        _lastSentNs = nowNs;
        if (!timers.IsArmed(TcpTimer.Retransmit))
            timers.Arm(TcpTimer.Retransmit, nowNs, rtt.RtoNs); // RFC 6298 section 5.1.
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
