using System.Diagnostics;

namespace Mirage.Net;

/// <summary>What was sent and is not acknowledged, piece by piece: the scoreboard of RFC 6675 section 3 with the times
/// of RFC 8985 section 5.2.</summary>
/// <remarks>A list in the order of numbers whose links are slots of one array: an acknowledgment takes pieces from the
/// front, a selective one cuts and joins them where they are. What is confirmed without a hole is one piece, so that a
/// walk costs as many steps as there are holes. A peer can cut pieces at whole segments only, and no more often than
/// <see cref="PiecesMax"/> says (CVE-2019-11477).</remarks>
/// <param name="block">The connection, which counts what is lost; null when nobody does.</param>
internal struct TcpScoreboard(TcpControlBlock? block)
{
    /// <summary>Pieces of a connection. Enough for a window of eight megabytes in segments of 1460; about half a
    /// megabyte of memory, which only a connection with so much in flight takes.</summary>
    public const int PiecesMax = 8192;

    /// <summary>Of them, those that new data leave for the cuts of what is there.</summary>
    public const int CutsReserved = 1024;

    private const int None = PieceList.None;

    private PieceList _pieces = new();
    private int _lostHint = None; // No piece before it is lost.

    /// <summary>Pieces in flight.</summary>
    public int Count => _pieces.Count;

    /// <summary>Whether there is no room for one more piece of new data.</summary>
    public bool IsFull => Count >= PiecesMax - CutsReserved;

    /// <summary>Numbers that the peer has beyond a hole.</summary>
    public int SackedBytes { get; private set; }

    /// <summary>Segments that they are.</summary>
    public int SackedSegments { get; private set; }

    /// <summary>One past the highest number that the peer has ever confirmed, as far as it is in flight.</summary>
    public uint HighestSacked { get; private set; }

    /// <summary>Numbers that are lost and not sent again.</summary>
    public int LostBytes { get; private set; }

    /// <summary>The slot of the piece with the lowest numbers; there is one when <see cref="Count"/> is not
    /// 0.</summary>
    public int FirstSlot => _pieces.First;

    /// <summary>The slot of the piece with the highest numbers.</summary>
    public int LastSlot => _pieces.Last;

    /// <summary>A piece in flight.</summary>
    public ref readonly SentPiece this[int slot] => ref _pieces[slot];

    /// <summary>An acknowledgment comes in: what it says is gathered in the digest.</summary>
    public TcpAckDigest Begin() => new(SackedBytes > 0 ? HighestSacked : null);

    /// <summary>New numbers are sent.</summary>
    public void Append(uint start, uint end, in DeliverySnapshot delivery, long nowNs)
    {
        Debug.Assert(Count == 0 || _pieces[LastSlot].End == start, "What is new follows what was sent.");
        _pieces.Append(new() { Start = start, End = end, SentNs = nowNs, Delivery = delivery });
    }

    /// <summary>The peer has everything before <paramref name="end"/>.</summary>
    public void Acknowledge(uint end, ref TcpAckDigest digest)
    {
        while (FirstSlot != None && _pieces[FirstSlot].Start.IsBefore(end))
        {
            ref var piece = ref _pieces[FirstSlot];
            var length = SequenceNumber.Earlier(end, piece.End);
            Confirm(ref piece, piece.Start.DistanceTo(length), ref digest);
            if (piece.End.IsAfter(end))
            {
                piece.Start = end;
                return;
            }

            SackedSegments -= piece.IsSacked ? piece.Segments : 0;
            Remove(FirstSlot);
        }

        Debug.Assert(Count > 0 || (SackedBytes, LostBytes) == (0, 0), "What is counted is in flight.");
    }

    /// <summary>The peer has <paramref name="block"/>, which lies in flight, beyond a hole. A piece is cut at whole
    /// segments of <paramref name="segment"/> bytes only.</summary>
    public void Sack(TcpSackBlock block, int segment, ref TcpAckDigest digest)
    {
        for (var slot = FirstSlot; slot != None && _pieces[slot].Start.IsBefore(block.End); slot = _pieces[slot].Next)
        {
            if (!_pieces[slot].End.IsAfter(block.Start) || _pieces[slot].IsSacked)
                continue;
            if (!TryCut(ref slot, block, segment))
                continue;
            ref var piece = ref _pieces[slot];
            Confirm(ref piece, piece.Length, ref digest);
            piece.Marks = PieceMarks.Sacked;
            piece.Segments = (piece.Length + segment - 1) / segment;
            SackedBytes += piece.Length;
            SackedSegments += piece.Segments;
            HighestSacked = SackedBytes == piece.Length
                ? piece.End
                : SequenceNumber.Later(HighestSacked, piece.End);
            slot = Join(slot);
        }
    }

    /// <summary>Marks what is lost by the time: everything in flight that was sent before the piece which was sent at
    /// <paramref name="sentNs"/> and ends at <paramref name="end"/>, and more than <paramref name="allowanceNs"/> ago.
    /// RFC 8985 section 6.2 step 5.</summary>
    /// <param name="sentNs">When the piece was sent that the peer is known to have received.</param>
    /// <param name="end">One past its last number: it orders pieces that were sent at once.</param>
    /// <param name="allowanceNs">How long a piece may be on its way.</param>
    /// <param name="nowNs">The time.</param>
    /// <param name="waitNs">Until when one of the others has to be waited for; 0 when for none.</param>
    /// <returns>Numbers that are newly lost.</returns>
    public int MarkOverdue(long sentNs, uint end, long allowanceNs, long nowNs, out long waitNs)
    {
        waitNs = 0;
        var before = LostBytes;
        for (var slot = FirstSlot; slot != None; slot = _pieces[slot].Next)
        {
            ref var piece = ref _pieces[slot];
            if (piece.IsSacked || piece.IsLost)
                continue;
            var isEarlier = piece.SentNs < sentNs || (piece.SentNs == sentNs && piece.End.IsBefore(end));
            if (!isEarlier && !piece.IsRetransmitted)
                break; // What was sent once is in the order of time: all that follows was sent later.
            if (!isEarlier)
                continue;
            var leftNs = piece.SentNs + allowanceNs - nowNs;
            if (leftNs <= 0)
                MarkLost(slot);
            else
                waitNs = Math.Max(waitNs, leftNs);
        }

        return LostBytes - before;
    }

    /// <summary>Marks the first <paramref name="bytes"/> of what is in flight as lost, unless they are sent again
    /// already.</summary>
    public void MarkFirstLost(int bytes)
    {
        if (FirstSlot == None || _pieces[FirstSlot].IsSacked || _pieces[FirstSlot].IsLost)
            return;
        if (_pieces[FirstSlot].Length > bytes)
            TrySplit(FirstSlot, _pieces[FirstSlot].Start.Plus(bytes));
        MarkLost(FirstSlot);
    }

    /// <summary>Marks everything as lost that the peer has not confirmed; with <paramref name="isReneged"/> also what
    /// it has: RFC 2018 section 8. It counts as lost when the network <paramref name="isToBlame"/>.</summary>
    public void MarkAllLost(bool isReneged, bool isToBlame)
    {
        for (var slot = FirstSlot; slot != None; slot = _pieces[slot].Next)
        {
            if (_pieces[slot].IsSacked && isReneged)
                Forget(ref _pieces[slot]);
            if (!_pieces[slot].IsSacked && !_pieces[slot].IsLost)
                MarkLost(slot, isToBlame);
        }
    }

    /// <summary>The connection is closed: forgets everything.</summary>
    public void Clear()
    {
        (SackedBytes, SackedSegments, LostBytes, _lostHint) = (0, 0, 0, None);
        _pieces.Clear();
    }

    /// <summary>What is marked as lost and was not sent again is not lost.</summary>
    public void ClearLost()
    {
        for (var slot = _lostHint; slot != None; slot = _pieces[slot].Next)
            _pieces[slot].Marks &= ~PieceMarks.Lost;
        (LostBytes, _lostHint) = (0, None);
    }

    /// <summary>The first piece that is lost.</summary>
    public bool TryFirstLost(out int slot)
    {
        while (_lostHint != None && !_pieces[_lostHint].IsLost)
            _lostHint = _pieces[_lostHint].Next;
        slot = _lostHint;
        return slot != None;
    }

    /// <summary>Sends the piece in <paramref name="slot"/> again, or as much of it and of the lost ones that follow it
    /// as <paramref name="limit"/> numbers are.</summary>
    /// <returns>One past the last number that is sent.</returns>
    public uint Retransmit(int slot, int limit, in DeliverySnapshot delivery, long nowNs)
    {
        Debug.Assert(limit > 0 && !_pieces[slot].IsSacked, "A retransmission takes what the peer does not have.");
        while (_pieces[slot].Length < limit && _pieces[slot].Next is var next and not None && _pieces[next].IsLost
            && _pieces[slot].IsLost)
            Absorb(slot, next);
        var end = SequenceNumber.Earlier(_pieces[slot].End, _pieces[slot].Start.Plus(limit));
        if (_pieces[slot].End != end)
            TrySplit(slot, end); // Without room for another piece the rest counts as sent, and is found lost again.
        ref var piece = ref _pieces[slot];
        if (piece.IsLost)
            LostBytes -= piece.Length;
        piece.Marks = PieceMarks.Retransmitted;
        (piece.SentNs, piece.Delivery) = (nowNs, delivery);
        return end;
    }

    /// <summary>Cuts the last piece so that its last <paramref name="bytes"/> are one of its own, if they can
    /// be.</summary>
    /// <returns>The slot of the last piece.</returns>
    public int CutLast(int bytes)
    {
        if (_pieces[LastSlot].Length > bytes && !_pieces[LastSlot].IsSacked)
            TrySplit(LastSlot, _pieces[LastSlot].End.Plus(-bytes));
        return LastSlot;
    }

    // The parts of the block in the piece, at whole segments from its start; the slot moves to them.
    private bool TryCut(ref int slot, TcpSackBlock block, int segment)
    {
        var (start, end) = (_pieces[slot].Start, _pieces[slot].End);
        var head = Math.Max(0, start.DistanceTo(block.Start));
        head = (head + segment - 1) / segment * segment;
        var tail = end.IsAfter(block.End) ? start.DistanceTo(block.End) / segment * segment : start.DistanceTo(end);
        if (head >= tail || (head > 0 && !TrySplit(slot, start.Plus(head))))
            return false;
        if (head > 0)
            slot = _pieces[slot].Next;
        return start.Plus(tail) == end || TrySplit(slot, start.Plus(tail));
    }

    private void Confirm(ref SentPiece piece, int bytes, ref TcpAckDigest digest)
    {
        if (piece.IsSacked)
        {
            SackedBytes -= bytes;
            return;
        }

        if (piece.IsLost)
            LostBytes -= bytes;
        digest.Note(piece, bytes);
    }

    private void MarkLost(int slot, bool isToBlame = true)
    {
        ref var piece = ref _pieces[slot];
        piece.Marks |= PieceMarks.Lost;
        LostBytes += piece.Length;
        if (isToBlame && block?.Recovery.Path?.Covers(piece.Start) != true)
            block?.Recovery.Rate.OnLost(piece, piece.Previous == None || !_pieces[piece.Previous].IsLost);
        if (_lostHint == None || piece.Start.IsBefore(_pieces[_lostHint].Start))
            _lostHint = slot;
    }

    private void Forget(ref SentPiece piece)
    {
        SackedBytes -= piece.Length;
        SackedSegments -= piece.Segments;
        piece.Marks = PieceMarks.Retransmitted; // When it was sent is not known any more.
    }

    // Joins a confirmed piece with its confirmed neighbours; gives the slot of the whole.
    private int Join(int slot)
    {
        if (_pieces[slot].Next is var next and not None && _pieces[next].IsSacked)
            Absorb(slot, next);
        if (_pieces[slot].Previous is not (var previous and not None) || !_pieces[previous].IsSacked)
            return slot;
        Absorb(previous, slot);
        return previous;
    }

    private void Absorb(int slot, int next)
    {
        _pieces[slot].End = _pieces[next].End;
        _pieces[slot].Segments += _pieces[next].Segments;
        Remove(next);
    }

    private bool TrySplit(int slot, uint at)
    {
        if (Count == PiecesMax)
            return false;
        _pieces.Split(slot, at);
        return true;
    }

    private void Remove(int slot)
    {
        if (_lostHint == slot)
            _lostHint = _pieces[slot].Next;
        _pieces.Remove(slot);
    }
}
