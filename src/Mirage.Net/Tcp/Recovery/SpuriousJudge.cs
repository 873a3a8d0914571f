namespace Mirage.Net;

/// <summary>Finds out that nothing was lost after all: by the peer's echo of our clock (Eifel, RFC 3522), by its
/// reports of duplicates (RFC 2883, RFC 3708), and after a timeout by what was not sent again (F-RTO, RFC
/// 5682).</summary>
internal sealed class SpuriousJudge
{
    private uint? _clock; // Our clock when something was sent again first.
    private long _repeated; // Bytes sent again that no report of a duplicate is for yet.
    private bool _isEifelOver;

    /// <summary>Whether an episode is judged.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Our clock when something was sent again last; null without timestamps.</summary>
    public uint? LastClock { get; private set; }

    /// <summary>Whether F-RTO waits for the second acknowledgment after a timeout: new data go out before what is
    /// lost.</summary>
    public bool PrefersNew { get; private set; }

    /// <summary>A loss is found.</summary>
    public void Start()
    {
        (_clock, _repeated, _isEifelOver) = (null, 0, false);
        (IsOpen, PrefersNew) = (true, false);
    }

    /// <summary>Something is sent again.</summary>
    public void OnRepeated(int bytes, uint? clock)
    {
        _clock ??= clock;
        LastClock = clock;
        _repeated += bytes;
    }

    /// <summary>Whether the acknowledgment shows that the episode was for nothing.</summary>
    /// <param name="digest">What it says.</param>
    /// <param name="isAfterTimeout">Whether it was a timeout.</param>
    /// <param name="isSelective">Whether the peer would have told of what arrived beyond a hole.</param>
    public bool IsSpurious(in TcpAckDigest digest, bool isAfterTimeout, bool isSelective)
    {
        if (!IsOpen)
            return false;
        if (IsOfFirstCopy(digest))
            return true;
        if (digest.DuplicateBytes > 0 && _repeated > 0)
        {
            _repeated -= digest.DuplicateBytes;
            if (_repeated <= 0)
                return true; // All that was sent again had arrived.
        }

        // RFC 5682 section 3.1: what was not sent again arrives although it was sent before the timeout.
        return isAfterTimeout && isSelective && digest.IsLossRefuted;
    }

    /// <summary>RFC 5682 section 3.1 step 2b: the first acknowledgment after a timeout moves on, but not past
    /// everything.</summary>
    public void Prefer(bool isNew) => PrefersNew = isNew;

    /// <summary>The loss is repaired: duplicates may still be reported.</summary>
    public void OnRepaired() => (_isEifelOver, PrefersNew) = (true, false);

    /// <summary>The episode is over.</summary>
    public void End() => (IsOpen, PrefersNew) = (false, false);

    // RFC 3522 section 3.2: only the first acknowledgment that moves on can tell.
    private bool IsOfFirstCopy(in TcpAckDigest digest)
    {
        if (_isEifelOver || digest.AcknowledgedBytes == 0 || _clock is not { } clock || digest.Echo is not { } echo)
            return false;
        _isEifelOver = !echo.IsBefore(clock);
        return echo.IsBefore(clock);
    }
}
