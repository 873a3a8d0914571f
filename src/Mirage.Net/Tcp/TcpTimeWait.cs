namespace Mirage.Net;

/// <summary>A connection in TIME-WAIT: RFC 9293 section 3.10.7.4 as far as it concerns it, and RFC 6191.</summary>
/// <remarks>With its place in the table it takes at most 200 bytes.</remarks>
internal sealed class TcpTimeWait : TcpShadow<TcpTimeWait>
{
    private const TcpFlags Control = TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst | TcpFlags.Fin;
    private TcpResidue _residue;
    private byte _challenges;

    /// <summary>The first number that our end of the connection has not used.</summary>
    public uint Sequence => _residue.Sequence;

    public void Start(in TcpResidue residue) => (_residue, _challenges) = (residue, 0);

    /// <summary>Whether a SYN opens a new connection in this one's place.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="hasTimestamps">Whether the new connection would have timestamps, if the SYN has.</param>
    public bool IsReplacedBy(in TcpSegment segment, bool hasTimestamps)
    {
        if ((segment.Header.Flags & Control) != TcpFlags.Syn)
            return false;
        var isLater = segment.Header.Sequence.IsAfter(_residue.Expected);
        if (!hasTimestamps || segment.Header.Options.Timestamps is not { } timestamps)
            return isLater; // RFC 6191 section 2: what RFC 1122 section 4.2.2.13 says, when there is nothing better.
        if (_residue.Timestamp is not { } recent)
            return true; // The old connection's segments have none, and will be told apart.
        return timestamps.Value.IsAfter(recent) || (timestamps.Value == recent && isLater);
    }

    /// <summary>What <paramref name="segment"/> is to be answered with. An answer counts as sent.</summary>
    public TcpTimeWaitAnswer Handle(in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
            return TcpTimeWaitAnswer.Drop; // RFC 1337 section 3, fix 1.
        if (segment.Has(TcpFlags.Syn))
            return Challenge(); // RFC 5961 section 4.2.
        if (!IsAcceptable(segment))
            return HandleUnacceptable(segment);
        // RFC 5961 section 5.2. What is acceptable beside that says nothing: the peer's FIN is in.
        return segment.Has(TcpFlags.Ack) && !IsPlausible(segment.Header.Acknowledgment)
            ? Challenge()
            : TcpTimeWaitAnswer.Drop;
    }

    /// <summary>The acknowledgment of everything, at <paramref name="clock"/> of this end's timestamps.</summary>
    public TcpHeader Acknowledgment(uint clock) =>
        new(Key.Local.Port, Key.Remote.Port, _residue.Sequence, _residue.Expected, TcpFlags.Ack, _residue.Window)
        {
            Options = new() { Timestamps = _residue.Timestamp is { } recent ? new(clock, recent) : null },
        };

    private TcpTimeWaitAnswer HandleUnacceptable(in TcpSegment segment)
    {
        var end = segment.Header.Sequence.Plus(segment.SequenceLength);
        if (segment.Has(TcpFlags.Fin) && end == _residue.Expected)
            return TcpTimeWaitAnswer.Restart; // Our last acknowledgment was lost.
        return segment.SequenceLength == 0 ? Challenge() : TcpTimeWaitAnswer.Acknowledge;
    }

    // RFC 9293 section 3.4, table 6.
    private bool IsAcceptable(in TcpSegment segment)
    {
        var first = segment.Header.Sequence;
        var last = first.Plus(Math.Max(0, segment.SequenceLength - 1));
        return _residue.Room == 0 ? first == _residue.Expected : IsInside(first) || IsInside(last);
    }

    private bool IsInside(uint sequence) => (uint)_residue.Expected.DistanceTo(sequence) < (uint)_residue.Room;

    private bool IsPlausible(uint acknowledgment) =>
        acknowledgment.IsBetween(_residue.OldestAcknowledgment, _residue.Sequence);

    // RFC 5961 section 7. The limit belongs to this one connection and is never lifted.
    private TcpTimeWaitAnswer Challenge()
    {
        if (_challenges >= TcpLimits.ShadowChallengesMax)
            return TcpTimeWaitAnswer.Drop;
        _challenges++;
        return TcpTimeWaitAnswer.Acknowledge;
    }
}
