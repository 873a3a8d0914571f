namespace Mirage.Net;

/// <summary>Explicit congestion notification, RFC 3168 section 6.1: routers mark what they would drop, the receiver
/// echoes a mark, and the sender says when it has slowed down.</summary>
/// <param name="isAsked">Whether this end asks for it when it opens. A peer that asks is always answered.</param>
internal sealed class TcpEcn(bool isAsked)
{
    /// <summary>The field of the IP header, RFC 3168 section 5: not capable, ECT(0), and congestion
    /// experienced.</summary>
    public const byte NotCapable = 0, Capable = 2, Congestion = 3;

    private const TcpFlags Asking = TcpFlags.Ece | TcpFlags.Cwr;
    private bool _hasAsked;
    private bool _isWithdrawn;
    private bool _isEchoing;
    private long _reductions; // Of the congestion window, that the peer was told of.

    /// <summary>Whether both ends have agreed.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Packets with data that were marked on their way here.</summary>
    public long Marks { get; private set; }

    /// <summary>What our SYN has beside SYN. One that is repeated asks no more: RFC 3168 section 6.1.1.1, for there are
    /// middleboxes that drop those which ask.</summary>
    public TcpFlags Ask(bool isRepeated)
    {
        var flags = isAsked && !isRepeated ? Asking : TcpFlags.None;
        _hasAsked |= flags != TcpFlags.None;
        _isWithdrawn |= flags == TcpFlags.None;
        return flags;
    }

    /// <summary>What our answer to a SYN has beside SYN and ACK.</summary>
    public TcpFlags Answer => IsOn ? TcpFlags.Ece : TcpFlags.None;

    /// <summary>The peer's SYN is in. RFC 3168 section 6.1.1: a SYN that asks has both flags, an answer that agrees has
    /// the one; whoever has sent a SYN without them takes no part.</summary>
    public void Negotiate(TcpFlags flags)
    {
        var isAnswer = (flags & TcpFlags.Ack) != 0;
        var expected = isAnswer ? TcpFlags.Ece : Asking;
        IsOn = (flags & Asking) == expected && !_isWithdrawn && (_hasAsked || !isAnswer);
    }

    /// <summary>An acceptable segment has arrived.</summary>
    /// <returns>Whether the echo begins or ends with it: the peer should hear of that at once.</returns>
    public bool OnArrival(in TcpSegment segment)
    {
        if (!IsOn)
            return false;
        var wasEchoing = _isEchoing;
        if (segment.Has(TcpFlags.Cwr))
            _isEchoing = false; // RFC 3168 section 6.1.3: until the sender says so; the same segment may be marked.
        if (segment.Ecn == Congestion && !segment.Payload.IsEmpty)
        {
            // Section 6.1.4: an acknowledgment is never capable, so that its mark can only be forged.
            _isEchoing = true;
            Marks++;
        }

        return _isEchoing != wasEchoing;
    }

    /// <summary>The flags that a segment has on account of this.</summary>
    /// <param name="isNew">Whether it has data that go out for the first time and are no probe.</param>
    /// <param name="reductions">How often the congestion window was reduced, for whatever reason.</param>
    public TcpFlags FlagsFor(bool isNew, long reductions)
    {
        var flags = _isEchoing ? TcpFlags.Ece : TcpFlags.None;
        if (!IsOn || !isNew || _reductions == reductions)
            return flags;
        _reductions = reductions; // RFC 3168 section 6.1.2: in the first new data segment after it.
        return flags | TcpFlags.Cwr;
    }

    /// <summary>The field of the packet. RFC 3168 sections 6.1.4 to 6.1.6: data only, and neither what is sent again
    /// nor a probe of a shut window, whose marks nobody could believe.</summary>
    public byte FieldFor(bool isNew) => IsOn && isNew ? Capable : NotCapable;
}
