namespace Mirage.Net;

/// <summary>Accurate ECN, <see href="https://www.rfc-editor.org/rfc/rfc9768">RFC 9768</see>, once both ends have agreed
/// on it: the receiver counts what was marked, and the sender reads its counters.</summary>
internal sealed class TcpAccurateEcn
{
    /// <summary>Where the counter of packets begins, section 3.2.1.</summary>
    public const int Initial = 5;

    private const int MarksUntoldMax = 2; // Section 3.2.2.5.1: how many wait for an acknowledgment.

    // The receiver's half, r.cep and the byte counters of section 3.2.1.
    private long _packets = Initial;
    private uint _ect0 = 1, _congestion, _ect1 = 1;
    private int _marksUntold;
    private bool _wasMarked;
    private bool _hasCounts = true; // That the peer was not told of in an option.
    private bool _isAnswerCounted;
    private byte? _answerField;

    // The sender's half, s.cep and s.ceb.
    private int _ace = Initial;
    private uint _peerBytes;
    private long _newBytes;
    private bool _isChecked;
    private bool _seesOption;
    private bool _isOptionBroken;

    /// <summary>Whether packets may be sent as capable, and what the peer says of them is believed: as long as nothing
    /// on the path was seen to change either.</summary>
    public bool IsTrusted { get; private set; } = true;

    /// <summary>Whether one of the SYNs or answers was without the flags: nothing is sent as capable then, section
    /// 3.1.5.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Packets that were marked on their way here.</summary>
    public long Marks => _packets - Initial;

    /// <summary>Packets that the peer says were marked on their way there.</summary>
    public long PeerMarks { get; private set; }

    /// <summary>Whether the answer to our SYN is still to be acknowledged by a segment that says in which ECN field it
    /// came: section 3.2.2.1.</summary>
    public bool OwesHandshake => _answerField is not null;

    /// <summary>Whether a device that cuts a segment may copy its flags. One that knows RFC 3168 alone leaves CWR in
    /// the first of them only.</summary>
    public bool MayBeCut => (_packets & 2) == 0;

    /// <summary>The answer to our SYN is in, or once more.</summary>
    public void OnAnswer(in TcpSegment answer, bool isRepeated)
    {
        _answerField = answer.Ecn;
        if (answer.Ecn == TcpEcn.Congestion && !_isAnswerCounted)
        {
            _isAnswerCounted = true; // Section 3.2.2.2: once, however many of them are marked.
            _packets++;
        }

        if (isRepeated)
            return;
        CheckHandshake(answer.Header.Flags);
        Read(answer.Header.Options);
    }

    /// <summary>The acknowledgment of our answer to a SYN is in.</summary>
    public void OnHandshake(in TcpSegment segment)
    {
        if (segment.Payload.IsEmpty && segment.Header.Options.Sack.Count == 0
            && CheckHandshake(segment.Header.Flags) == TcpEcn.Congestion)
            _ace = Initial + 1; // Section 3.2.2.1: the peer has counted it. One that answers a SYN has not.
        CheckZero(segment.Header.Flags);
        Read(segment.Header.Options);
    }

    /// <summary>An acceptable segment has arrived.</summary>
    /// <returns>Whether the peer should hear of it at once: section 3.2.2.5.1.</returns>
    public bool OnArrival(in TcpSegment segment)
    {
        var (isMarked, bytes) = (segment.Ecn == TcpEcn.Congestion, (uint)segment.Payload.Length);
        _hasCounts |= bytes > 0 && segment.Ecn != TcpEcn.NotCapable;
        if (isMarked)
        {
            // Section 3.2.1: control packets too, and what is sent again.
            (_packets, _marksUntold, _congestion) =
                (_packets + segment.Packets, _marksUntold + segment.Packets, _congestion + bytes);
        }
        else if (segment.Ecn == TcpEcn.Capable)
            _ect0 += bytes;
        else if (segment.Ecn != TcpEcn.NotCapable)
            _ect1 += bytes;
        if (bytes == 0)
            return false; // Acknowledgments are not acknowledged.
        var isFirst = isMarked && !_wasMarked;
        _wasMarked = isMarked;
        return isFirst || _marksUntold >= MarksUntoldMax;
    }

    /// <summary>The flags of the next segment. <paramref name="isPure"/> says that it is an acknowledgment and nothing
    /// else, without SACK blocks.</summary>
    public TcpFlags FlagsFor(bool isPure)
    {
        _marksUntold = 0;
        var field = _answerField;
        _answerField = null; // Section 3.2.2.1: in that one segment only.
        return field is { } handshake && isPure ? TcpAceField.WriteHandshake(handshake) : TcpAceField.Write(_packets);
    }

    /// <summary>The option of an acknowledgment that has room for it; null when the peer has sent none, for the path
    /// may not pass it, or when nothing is new.</summary>
    public TcpAccurateEcnOption? TakeOption()
    {
        if (!_seesOption || _isOptionBroken || !_hasCounts)
            return null;
        _hasCounts = false;
        const uint mask = TcpAccurateEcnOption.Mask;
        return _ect1 == 1 // Nobody has sent any of it: the last field may be absent.
            ? new(_ect0 & mask, _congestion & mask, 0) { Fields = 2 }
            : new(_ect0 & mask, _congestion & mask, _ect1 & mask) { Fields = 3 };
    }

    /// <summary>Reads what an acknowledgment says.</summary>
    /// <param name="segment">It.</param>
    /// <param name="delivered">Bytes that it is the first to confirm.</param>
    /// <param name="segmentSize">Payload of a full segment.</param>
    /// <returns>Packets that were marked since.</returns>
    public int Decode(in TcpSegment segment, int delivered, int segmentSize)
    {
        CheckZero(segment.Header.Flags);
        var hasOption = Read(segment.Header.Options);
        if (delivered <= 0)
            return 0; // It may be an old one, whose counter is behind: appendix A.2.1.
        var ace = TcpAceField.Read(segment.Header.Flags);
        var marks = (ace - _ace) & TcpAceField.Mask;
        var packets = (delivered + segmentSize - 1) / segmentSize;
        if (packets > TcpAceField.Mask)
            marks = Unwrap(segment, marks, packets, hasOption, segmentSize);
        (_ace, _newBytes) = (ace, 0);
        if (!IsTrusted)
            return 0;
        PeerMarks += marks;
        return marks;
    }

    // Section 3.2.2.5.2 and appendix A.2.2: acknowledgments may have been lost, and the counter have gone round
    // meanwhile. It is taken to have done so unless the bytes tell otherwise. A peer that sends the option, and sends
    // none where it has room, has nothing new to tell.
    private int Unwrap(in TcpSegment segment, int marks, int packets, bool hasOption, int segmentSize)
    {
        var most = packets - ((packets - marks) & TcpAceField.Mask);
        if (hasOption)
            return _newBytes <= (long)marks * segmentSize ? marks : most;
        var isPure = segment.Payload.IsEmpty && segment.Header.Options.Sack.Count == 0;
        return isPure && _seesOption && !_isOptionBroken ? marks : most;
    }

    private bool Read(in TcpOptions options)
    {
        if (options.AccurateEcn is not { } option || _isOptionBroken)
            return false;
        // Section 3.2.3.2.4: what begins at one and is zero was cleared on the way.
        _isOptionBroken = !_seesOption && option.First == 0;
        _seesOption = true;
        if (_isOptionBroken)
            return false;
        if (option.Fields < 2)
            return true;
        var bytes = (option.Congestion - _peerBytes) & TcpAccurateEcnOption.Mask;
        if (bytes > TcpAccurateEcnOption.Mask / 2)
            return true; // An old one.
        _peerBytes = option.Congestion;
        _newBytes += bytes;
        return true;
    }

    // Section 3.2.2.4: our SYN, and our answer to one, are not capable, and nothing makes them so but a fault.
    private byte? CheckHandshake(TcpFlags flags)
    {
        var field = TcpAceField.ReadHandshake(flags);
        IsTrusted &= field is null or TcpEcn.NotCapable;
        return field;
    }

    // Section 3.2.2.3: no end that counts begins at zero.
    private void CheckZero(TcpFlags flags)
    {
        IsTrusted &= _isChecked || (flags & TcpAceField.Flags) != 0;
        _isChecked = true;
    }
}
