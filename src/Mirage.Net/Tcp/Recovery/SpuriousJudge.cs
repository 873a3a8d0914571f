namespace Mirage.Net;

/// <summary>Finds out that nothing was lost after all: by the peer's echo of our clock (Eifel, RFC 3522), by its
/// reports of duplicates (RFC 2883, RFC 3708), and after a timeout by what was not sent again (F-RTO, RFC
/// 5682).</summary>
internal sealed class SpuriousJudge
{
    private bool _isOpen;
    private uint _from; // SND.UNA when the loss was found: reports of what is before it are of an earlier episode.
    private uint? _until; // SND.NXT when it was repaired: what is acknowledged beyond it closes the episode.
    private uint? _clock; // Our clock when something was sent again first.
    private bool _hasRepeated;
    private long _repeated; // Bytes sent again that no report of a duplicate is for yet.
    private bool _isEchoJudged; // Whether an acknowledgment has moved on since, which alone can tell by its echo.
    private TimeoutStep _step;

    /// <summary>The steps of RFC 5682 section 3.1.</summary>
    private enum TimeoutStep
    {
        None,

        /// <summary>The first acknowledgment that moves on is still to come.</summary>
        First,

        /// <summary>It came; new data go out, and the next one decides.</summary>
        Second,
    }

    /// <summary>Our clock when something was sent again last; null without timestamps.</summary>
    public uint? LastClock { get; private set; }

    /// <summary>Whether new data go out before what is lost: RFC 5682 section 3.1 step 2b.</summary>
    public bool PrefersNew => _step is TimeoutStep.Second;

    /// <summary>A loss is found, with <paramref name="una"/> the first number that is not acknowledged.</summary>
    /// <param name="una">SND.UNA.</param>
    /// <param name="isTimeout">Whether by a timeout while nothing was known to be lost.</param>
    public void Start(uint una, bool isTimeout)
    {
        (_isOpen, _from, _until) = (true, una, null);
        (_clock, _hasRepeated, _repeated, _isEchoJudged) = (null, false, 0, false);
        _step = isTimeout ? TimeoutStep.First : TimeoutStep.None;
    }

    /// <summary>Something is sent again. A probe is no part of an episode.</summary>
    public void OnRepeated(int bytes, uint? clock, bool isProbe)
    {
        LastClock = clock;
        if (isProbe)
            return;
        _clock ??= clock;
        _hasRepeated = true;
        _repeated += bytes;
    }

    /// <summary>Whether the acknowledgment shows that the episode was for nothing.</summary>
    /// <param name="digest">What it says.</param>
    /// <param name="una">SND.UNA after it.</param>
    /// <param name="isSelective">Whether the peer would have told of what arrived beyond a hole.</param>
    /// <param name="isNothingLost">Whether nothing is marked as lost any more.</param>
    public bool IsSpurious(in TcpAckDigest digest, uint una, bool isSelective, bool isNothingLost)
    {
        if (_until is { } until && una.IsAfter(until))
            End();
        if (!_isOpen)
            return false;
        if (IsOfFirstCopy(digest))
            return true;
        if (digest.DuplicateBytes > 0 && digest.DuplicateEnd.IsAfter(_from) && _repeated > 0)
        {
            _repeated -= digest.DuplicateBytes;
            if (_repeated <= 0)
                return true; // All that was sent again had arrived.
        }

        if (!isSelective || !digest.IsLossRefuted)
            return false;
        // What was thought to be lost arrives although it was not sent again: all of it, or after a timeout what the
        // second acknowledgment is for. RFC 5682 section 3.1 step 3b.
        return (!_hasRepeated && isNothingLost) || _step is TimeoutStep.Second;
    }

    /// <summary>An acknowledgment after a timeout: RFC 5682 section 3.1 steps 2 and 3.</summary>
    /// <param name="hasAdvanced">Whether it moves on.</param>
    /// <param name="isNews">Whether it confirms anything.</param>
    /// <param name="hasUnsent">Whether there are new data to send.</param>
    public void OnTimeoutAnswered(bool hasAdvanced, bool isNews, bool hasUnsent)
    {
        if (_step is TimeoutStep.First && hasAdvanced)
            _step = hasUnsent ? TimeoutStep.Second : TimeoutStep.None;
        else if (_step is TimeoutStep.Second && isNews)
            _step = TimeoutStep.None;
    }

    /// <summary>The loss is repaired, with everything before <paramref name="next"/> sent: duplicates may still be
    /// reported.</summary>
    public void OnRepaired(uint next) => (_until, _isEchoJudged, _step) = (next, true, TimeoutStep.None);

    /// <summary>The episode is over.</summary>
    public void End() => (_isOpen, _until, _step) = (false, null, TimeoutStep.None);

    // RFC 3522 section 3.2: only the first acknowledgment that moves on can tell. An echo that is not old says that
    // what was sent again was needed: no other evidence counts after a timeout then.
    private bool IsOfFirstCopy(in TcpAckDigest digest)
    {
        if (_isEchoJudged || digest.AcknowledgedBytes == 0 || _clock is not { } clock || digest.Echo is not { } echo)
            return false;
        _isEchoJudged = true;
        if (echo.IsBefore(clock))
            return true;
        _step = TimeoutStep.None;
        return false;
    }
}
