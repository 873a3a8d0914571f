using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The receive sequence space of RFC 9293 section 3.3.1: what is acceptable, what is taken, and the window
/// that is offered.</summary>
internal struct TcpReceiver(TcpControlBlock block)
{
    private TcpReassembly? _reassembly; // Once something has arrived beyond a hole.
    private uint? _finSequence;

    /// <summary>IRS.</summary>
    public uint Initial { get; private set; }

    /// <summary>RCV.NXT.</summary>
    public uint Next { get; private set; }

    /// <summary>Whether the peer's FIN, and everything before it, is in.</summary>
    public bool IsFinReceived { get; private set; }

    /// <summary>Bytes that came in order in all.</summary>
    public long Octets { get; private set; }

    /// <summary>What is held beyond a hole.</summary>
    public TcpReassembly Reassembly => _reassembly ??= new(block.Unread.Pool, block.Window.BytesLimit);

    /// <summary>Whether nothing is.</summary>
    public bool IsWhole => _reassembly is null or { IsEmpty: true };

    /// <summary>The peer's SYN is in.</summary>
    public void Start(uint initial)
    {
        Initial = initial;
        Next = initial.Plus(1);
        block.Window.Start(Next);
    }

    /// <summary>RFC 9293 section 3.4, table 6. While the window is shut a segment at its edge is let through, so that
    /// its acknowledgment and its reset are heard (section 3.10.7.4, first); its data are trimmed.</summary>
    public bool IsAcceptable(in TcpSegment segment)
    {
        var first = segment.Header.Sequence;
        var size = block.Window.Size(Next);
        if (size == 0)
            return first == Next;
        if (IsInside(first, size))
            return true;
        return segment.SequenceLength > 0 && IsInside(first.Plus(segment.SequenceLength - 1), size);
    }

    /// <summary>Whether a number is in the window.</summary>
    public bool IsInWindow(uint sequence) => IsInside(sequence, block.Window.Size(Next));

    /// <summary>Takes the payload and the FIN of an acceptable segment.</summary>
    /// <returns><see cref="TcpEvents.Readable"/> and <see cref="TcpEvents.EndOfStream"/>, each if it is news.</returns>
    public TcpEvents Accept(in TcpSegment segment, long nowNs)
    {
        Debug.Assert(!segment.Has(TcpFlags.Syn), "A segment with SYN is cut to what follows it.");
        if (segment.SequenceLength == 0 || IsFinReceived)
            return TcpEvents.None;
        var wasWhole = IsWhole;
        var before = Next;
        Take(segment);
        if (Next == before)
        {
            block.Acknowledger.OnOutOfOrder(); // RFC 5681 section 4.2: at once, one for each.
            return TcpEvents.None;
        }

        var events = Finish(before);
        if (!wasWhole || !IsWhole || IsFinReceived)
            block.Acknowledger.OweNow(); // RFC 5681 section 4.2: also for what fills all or part of a hole.
        else
            block.Acknowledger.OnInOrder(before.DistanceTo(Next), block.Window.Size(Next), nowNs);
        return events;
    }

    /// <summary>A segment that is not acceptable: what it carries may have come before.</summary>
    public void OnUnacceptable(in TcpSegment segment)
    {
        var start = segment.Header.Sequence;
        if (start.IsBefore(Next))
            block.Sack.OnDuplicate(new(start, SequenceNumber.Earlier(start.Plus(segment.Payload.Length), Next)));
    }

    /// <summary>Holds what a SYN carries until the handshake is over: RFC 9293 section 3.10.7.2.</summary>
    public void Hold(in TcpSegment syn)
    {
        var payload = syn.Payload[..Math.Min(syn.Payload.Length, block.Window.Size(Next))];
        if (payload.Length == syn.Payload.Length && syn.Has(TcpFlags.Fin))
            _finSequence = Next.Plus(payload.Length);
        if (!payload.IsEmpty)
            Reassembly.TryAdd(Next, payload, out _);
    }

    /// <summary>The handshake is over: takes what was held.</summary>
    public TcpEvents Release()
    {
        var before = Next;
        Next = Drain(Next);
        return Finish(before);
    }

    /// <summary>Nothing more is taken: gives the memory back.</summary>
    public void Stop()
    {
        _reassembly?.Clear();
        block.Sack.Clear();
    }

    private void Take(in TcpSegment segment)
    {
        var payload = segment.Payload;
        var start = segment.Header.Sequence;
        if (block.Sack.IsOn)
            ReportDuplicate(start, start.Plus(payload.Length));
        var old = start.DistanceTo(Next);
        if (old > 0)
        {
            payload = payload[Math.Min(old, payload.Length)..];
            start = Next;
        }

        var end = segment.Header.Sequence.Plus(segment.Payload.Length);
        var room = Math.Max(0, start.DistanceTo(block.Window.Edge));
        if (payload.Length > room)
            payload = payload[..room];
        else if (segment.Has(TcpFlags.Fin) && !end.IsBefore(SequenceNumber.Later(Next, _reassembly?.End ?? Next)))
            _finSequence ??= end; // It takes no memory, and is heard at the very edge of the window too.
        if (_finSequence is { } fin && start.Plus(payload.Length).IsAfter(fin))
            payload = payload[..Math.Max(0, start.DistanceTo(fin))]; // Nothing follows a FIN.

        if (start == Next)
        {
            block.Unread.Append(payload);
            Next = Drain(Next.Plus(payload.Length));
        }
        else if (!payload.IsEmpty && Reassembly.TryAdd(start, payload, out var stretch))
        {
            block.Sack.OnHeld(stretch);
        }

        if (Next == _finSequence)
            ReceiveFin();
    }

    // RFC 2883 section 4.2.3: of several stretches that a segment repeats, the first is told of.
    private void ReportDuplicate(uint start, uint end)
    {
        if (start.IsBefore(Next))
            block.Sack.OnDuplicate(new(start, SequenceNumber.Earlier(end, Next)));
        else if (!IsWhole && Reassembly.Overlap(start, end) is { } twice)
            block.Sack.OnDuplicate(twice);
    }

    private void ReceiveFin()
    {
        IsFinReceived = true;
        Next = Next.Plus(1);
        Stop();
    }

    private TcpEvents Finish(uint before)
    {
        if (!IsFinReceived && Next == _finSequence)
            ReceiveFin();
        block.Window.OnReceived(Next);
        block.Sack.OnInOrder(Next);
        var bytes = before.DistanceTo(Next) - (IsFinReceived ? 1 : 0);
        Octets += bytes;
        var events = bytes > 0 ? TcpEvents.Readable : TcpEvents.None;
        return IsFinReceived ? events | TcpEvents.EndOfStream : events;
    }

    private readonly uint Drain(uint next) => _reassembly?.Drain(next, block.Unread) ?? next;

    private bool IsInside(uint sequence, int size) => (uint)Next.DistanceTo(sequence) < (uint)size;
}
