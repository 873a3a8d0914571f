namespace Mirage.Net;

/// <summary>Explicit congestion notification, RFC 3168 section 6.1: routers mark what they would drop, the receiver
/// echoes a mark, and the sender says when it has slowed down. Of RFC 9768 the agreement is here, and the rest in
/// <see cref="TcpAccurateEcn"/>.</summary>
/// <param name="isAsked">Whether this end asks for it when it opens. A peer that asks is always answered.</param>
/// <param name="isAccurate">Whether it then asks for the accurate kind, which a peer may answer by the
/// other.</param>
internal struct TcpEcn(bool isAsked, bool isAccurate = false)
{
    /// <summary>The field of the IP header, RFC 3168 section 5: not capable, ECT(0), and congestion
    /// experienced.</summary>
    public const byte NotCapable = 0, Capable = 2, Congestion = 3;

    /// <summary>SYNs that ask for the accurate kind, RFC 9768 section 3.1.4.1: the first one and that after the first
    /// timeout. There are middleboxes that drop those which ask.</summary>
    public const int AccurateSynsMax = 2;

    private const TcpFlags Asking = TcpFlags.Ece | TcpFlags.Cwr;
    private TcpFlags _asked;
    private bool _isWithdrawn;
    private bool _isEchoing;
    private byte _synField; // In which the peer's SYN arrived.
    private long _reductions; // Of the congestion window, that the peer was told of.
    private long _marks;
    private bool _isMarked; // The peer has told of marks that nobody has acted on.

    /// <summary>What both ends have agreed on.</summary>
    public TcpEcnMode Mode { get; private set; }

    /// <summary>Whether both ends have agreed.</summary>
    public bool IsOn => Mode is not TcpEcnMode.Off;

    /// <summary>The counters of <see cref="TcpEcnMode.Accurate"/>; null in another mode.</summary>
    public TcpAccurateEcn? Accurate { get; private set; }

    /// <summary>Packets with data that were marked on their way here.</summary>
    public long Marks => Accurate?.Marks ?? _marks;

    /// <summary>Whether an acknowledgment goes out before any data, RFC 9768 section 3.2.2.1.</summary>
    public bool OwesHandshake => Accurate is { OwesHandshake: true };

    /// <summary>Whether a device may copy the flags of a segment that it cuts.</summary>
    public bool MayBeCut => Accurate is not { MayBeCut: false };

    /// <summary>What a SYN with these flags asks for. RFC 9768 section 3.1.3: one that nobody knows today asks for
    /// what succeeds it.</summary>
    public static TcpEcnMode ModeOf(TcpFlags syn) => (syn & TcpAceField.Flags) switch
    {
        TcpFlags.None => TcpEcnMode.Off,
        Asking => TcpEcnMode.Classic,
        _ => TcpEcnMode.Accurate,
    };

    /// <summary>The flags of a SYN that asks for that.</summary>
    public static TcpFlags FlagsOf(TcpEcnMode mode) => mode switch
    {
        TcpEcnMode.Classic => Asking,
        TcpEcnMode.Accurate => TcpAceField.Flags,
        _ => TcpFlags.None,
    };

    /// <summary>The flags of an answer that agrees to it, when the SYN came in that ECN field.</summary>
    public static TcpFlags AnswerOf(TcpEcnMode mode, byte field) => mode switch
    {
        TcpEcnMode.Classic => TcpFlags.Ece,
        TcpEcnMode.Accurate => TcpAceField.WriteHandshake(field),
        _ => TcpFlags.None,
    };

    /// <summary>What our SYN has beside SYN. One that is repeated asks no more: RFC 3168 section 6.1.1.1, and RFC 9768
    /// from the second time on.</summary>
    public TcpFlags Ask(int timeouts)
    {
        var most = isAccurate ? AccurateSynsMax : 1;
        var flags = isAsked && timeouts < most
            ? FlagsOf(isAccurate ? TcpEcnMode.Accurate : TcpEcnMode.Classic)
            : TcpFlags.None;
        _asked |= flags;
        _isWithdrawn |= flags == TcpFlags.None;
        return flags;
    }

    /// <summary>What our answer to a SYN has beside SYN and ACK.</summary>
    public TcpFlags Answer => AnswerOf(Mode, _synField);

    /// <summary>The peer's SYN is in. RFC 3168 section 6.1.1: a SYN that asks has both flags, an answer that agrees has
    /// the one; whoever has sent a SYN without them takes no part.</summary>
    public void Negotiate(in TcpSegment syn)
    {
        var flags = syn.Header.Flags;
        var isAnswer = (flags & TcpFlags.Ack) != 0;
        Mode = isAnswer ? ModeOfAnswer(flags & TcpAceField.Flags) : ModeOf(flags);
        // RFC 9768 section 3.1.4.1: an answer to the SYN that asked may be the first to come.
        if (_isWithdrawn && !(isAnswer && Mode is TcpEcnMode.Accurate))
            Mode = TcpEcnMode.Off;
        _synField = syn.Ecn;
        Accurate = Mode is TcpEcnMode.Accurate ? new() { IsWithdrawn = _isWithdrawn } : null;
        if (isAnswer)
            Accurate?.OnAnswer(syn, isRepeated: false);
    }

    /// <summary>One of the SYNs, or of our answers, was without the flags.</summary>
    public void Withdraw()
    {
        if (Accurate is not null)
            Accurate.IsWithdrawn = true;
    }

    /// <summary>The peer's SYN came again, in that ECN field: RFC 9768 section 3.1.5 has us tell that of the
    /// latest.</summary>
    public void Renew(byte field) => _synField = field;

    /// <summary>The answer to our SYN came once more: RFC 9768 section 3.2.2.1 has it acknowledged like the
    /// first.</summary>
    public void OnRepeatedAnswer(in TcpSegment answer) => Accurate?.OnAnswer(answer, isRepeated: true);

    /// <summary>An acceptable segment has arrived.</summary>
    /// <returns>Whether the peer should hear of that at once, as when the echo begins or ends with it.</returns>
    public bool OnArrival(in TcpSegment segment)
    {
        if (Accurate is not null)
            return Accurate.OnArrival(segment);
        if (!IsOn)
            return false;
        var wasEchoing = _isEchoing;
        if (segment.Has(TcpFlags.Cwr))
            _isEchoing = false; // RFC 3168 section 6.1.3: until the sender says so; the same segment may be marked.
        if (segment.Ecn == Congestion && !segment.Payload.IsEmpty)
        {
            // Section 6.1.4: an acknowledgment is never capable, so that its mark can only be forged.
            _isEchoing = true;
            _marks++;
        }

        return _isEchoing != wasEchoing;
    }

    /// <summary>An acknowledgment confirms <paramref name="delivered"/> bytes.</summary>
    /// <returns>How many packets the peer says were marked since, as far as it counts them.</returns>
    public int Decode(in TcpSegment segment, int delivered, int segmentSize)
    {
        var marks = Accurate?.Decode(segment, delivered, segmentSize) ?? 0;
        _isMarked |= marks > 0;
        return marks;
    }

    /// <summary>Whether <paramref name="segment"/>, whose acknowledgment was taken, tells of marks.</summary>
    public bool TakeEcho(in TcpSegment segment)
    {
        var isMarked = _isMarked || (Mode is TcpEcnMode.Classic && segment.Has(TcpFlags.Ece));
        _isMarked = false;
        return isMarked;
    }

    /// <summary>The flags that a segment has on account of this.</summary>
    /// <param name="isNew">Whether it has data that go out for the first time and are no probe.</param>
    /// <param name="isPure">Whether it is an acknowledgment and nothing else.</param>
    /// <param name="reductions">How often the congestion window was reduced, for whatever reason.</param>
    public TcpFlags FlagsFor(bool isNew, bool isPure, long reductions)
    {
        if (Accurate is not null)
            return Accurate.FlagsFor(isPure);
        var flags = _isEchoing ? TcpFlags.Ece : TcpFlags.None;
        if (!IsOn || !isNew || _reductions == reductions)
            return flags;
        _reductions = reductions; // RFC 3168 section 6.1.2: in the first new data segment after it.
        return flags | TcpFlags.Cwr;
    }

    /// <summary>The field of the packet. RFC 3168 sections 6.1.4 to 6.1.6: data only, and neither what is sent again
    /// nor a probe of a shut window, whose marks nobody could believe.</summary>
    public byte FieldFor(bool isNew) =>
        IsOn && isNew && Accurate is not ({ IsTrusted: false } or { IsWithdrawn: true }) ? Capable : NotCapable;

    // RFC 9768 section 3.1.1, table 2; all three flags come from a host that reflects what it does not know.
    private TcpEcnMode ModeOfAnswer(TcpFlags flags) => flags switch
    {
        TcpFlags.Ece when _asked != TcpFlags.None => TcpEcnMode.Classic,
        TcpFlags.None or TcpAceField.Flags => TcpEcnMode.Off,
        _ => _asked == TcpAceField.Flags ? TcpEcnMode.Accurate : TcpEcnMode.Off,
    };
}
