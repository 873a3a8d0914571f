namespace Mirage.Net;

/// <summary>A connection in SYN-RECEIVED that a peer began: RFC 9293 section 3.10.7.4 as far as it concerns
/// it.</summary>
/// <remarks>With its place in the table it takes at most 200 bytes. A connection with its machine and its queues is
/// made when the peer has shown that it hears us.</remarks>
internal sealed class TcpHalfOpen : TcpShadow<TcpHalfOpen>
{
    private byte _challenges;

    /// <summary>Where the connection will wait to be accepted.</summary>
    public TcpListener Listener { get; private set; } = null!;

    /// <summary>What the peer asked for.</summary>
    public TcpSyn Syn { get; private set; }

    /// <summary>ISS.</summary>
    public uint Initial { get; private set; }

    /// <summary>The window that was offered.</summary>
    public ushort Window { get; private set; }

    /// <summary>How often the answer was sent again by the timer.</summary>
    public byte Timeouts { get; set; }

    /// <summary>Whether the answer went out more than once, so that no acknowledgment tells the round trip: RFC 6298
    /// section 3.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>RCV.NXT.</summary>
    public uint Expected => Syn.Sequence.Plus(1);

    public void Start(TcpListener listener, in TcpSyn syn, uint initial, ushort window)
    {
        (Listener, Syn, Initial, Window) = (listener, syn, initial, window);
        (Timeouts, IsRepeated, _challenges) = (0, false, 0);
    }

    /// <summary>The peer has ceased to ask for congestion notification, or our answers do not reach it: they are
    /// without it from now on. RFC 3168 section 6.1.1.1 has nothing agreed on then. RFC 9768 section 3.1.5 has marks
    /// counted all the same, since the peer may have had an earlier answer; but we send nothing that may be
    /// marked.</summary>
    public void WithdrawEcn() => Syn = Syn.Ecn is TcpEcnMode.Accurate
        ? Syn with { IsEcnWithdrawn = true }
        : Syn with { Ecn = TcpEcnMode.Off };

    /// <summary>The SYN came again, in that ECN field: RFC 9768 section 3.1.5 has us tell that of the latest.</summary>
    public void Renew(byte field) => Syn = Syn with { EcnField = field };

    /// <summary>What <paramref name="segment"/> is to be answered with. A challenge counts as sent.</summary>
    public TcpHalfOpenAnswer Handle(in TcpSegment segment)
    {
        var header = segment.Header;
        if (segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Rst | TcpFlags.Ack) && header.Sequence == Syn.Sequence)
            return TcpHalfOpenAnswer.Repeat; // Our answer was lost.
        if (!IsAcceptable(segment))
            return segment.Has(TcpFlags.Rst) ? TcpHalfOpenAnswer.Drop : Challenge(); // First.
        if (segment.Has(TcpFlags.Rst))
            return HandleReset(header.Sequence); // Second.
        if (segment.Has(TcpFlags.Syn))
            return Challenge(); // Fourth. A peer that began anew resets by it what it has forgotten.
        if (!segment.Has(TcpFlags.Ack))
            return TcpHalfOpenAnswer.Drop;
        var isRight = header.Acknowledgment == Initial.Plus(1);
        return isRight ? TcpHalfOpenAnswer.Complete : TcpHalfOpenAnswer.Reset; // Fifth.
    }

    /// <summary>An acknowledgment that offers the window; or the end, which offers none. It is sent at
    /// <paramref name="clock"/> of this end's timestamps: RFC 7323 section 3.2 has them in every segment once both SYNs
    /// had them, and a peer may drop what has none.</summary>
    public TcpHeader Segment(TcpFlags flags, uint clock)
    {
        var isReset = (flags & TcpFlags.Rst) != 0;
        flags |= TcpFlags.Ack;
        if (!isReset && Syn.Ecn is TcpEcnMode.Accurate)
            flags |= TcpAceField.Write(TcpAccurateEcn.Initial); // Zero would look like a path that clears it.
        var window = isReset ? (ushort)0 : Window;
        return new(Key.Local.Port, Key.Remote.Port, Initial.Plus(1), Expected, flags, window)
        {
            Options = new() { Timestamps = Syn.IsTimed ? new(clock, Syn.Timestamp) : null },
        };
    }

    // Back to LISTEN. RFC 5961 section 3.2: by the exact number only, however far the segment's text reaches.
    private TcpHalfOpenAnswer HandleReset(uint sequence)
    {
        if (sequence == Expected)
            return TcpHalfOpenAnswer.Forget;
        return IsInside(sequence) ? Challenge() : TcpHalfOpenAnswer.Drop;
    }

    // RFC 9293 section 3.4, table 6.
    private bool IsAcceptable(in TcpSegment segment)
    {
        var first = segment.Header.Sequence;
        var last = first.Plus(Math.Max(0, segment.SequenceLength - 1));
        return Window == 0 ? first == Expected : IsInside(first) || IsInside(last);
    }

    private bool IsInside(uint sequence) => (uint)Expected.DistanceTo(sequence) < Window;

    // RFC 5961 section 7. The limit belongs to this one connection and is never lifted.
    private TcpHalfOpenAnswer Challenge()
    {
        if (_challenges >= TcpLimits.ShadowChallengesMax)
            return TcpHalfOpenAnswer.Drop;
        _challenges++;
        return TcpHalfOpenAnswer.Challenge;
    }
}
