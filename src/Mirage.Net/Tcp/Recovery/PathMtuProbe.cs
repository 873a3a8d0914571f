namespace Mirage.Net;

/// <summary>Finds the size of segments that a path takes when nobody says: packetization layer path MTU discovery, RFC
/// 4821 and RFC 8899.</summary>
/// <remarks>It begins when segments vanish again and again although nothing is reported: a black hole. They become as
/// short as every path takes, and then one longer segment at a time is tried. A probe that is lost says nothing of
/// congestion, RFC 4821 section 7.6.2.</remarks>
internal sealed class PathMtuProbe(TcpControlBlock block)
{
    /// <summary>Timeouts without progress after which the path is a black hole: RFC 4821 section 7.7.</summary>
    public const int TimeoutsMax = 3;

    private const int ProbesMax = 3; // MAX_PROBES of RFC 8899 section 5.1.2: one may be lost to anything.
    private const int Precision = 16; // RFC 8899 section 5.3.3: where a search ends.
    private const long AgainNs = 600_000_000_000; // PMTU_RAISE_TIMER of RFC 8899 section 5.1.1.

    private int _high; // The longest segment that could still be possible.
    private int _top; // What it was before the black hole.
    private bool _isSearching;
    private long _againNs = long.MaxValue;
    private int _lost; // Probes of one length.
    private uint _start;
    private uint _end;
    private int _length; // Without options.

    /// <summary>Whether a probe is out.</summary>
    public bool IsOut { get; private set; }

    /// <summary>The timer expired <paramref name="timeouts"/> times without progress.</summary>
    /// <returns>Whether segments are shorter from now on.</returns>
    public bool OnTimeout(int timeouts, long nowNs)
    {
        IsOut = false;
        var limit = timeouts switch
        {
            TimeoutsMax => block.Size.Base,
            2 * TimeoutsMax => block.Size.Floor,
            _ => int.MaxValue,
        };
        var before = block.Size.Maximum;
        if (limit >= before)
            return false;
        block.Size.Path = limit;
        (_top, _high) = (Math.Max(_top, before), Math.Max(_top, before));
        (_isSearching, _againNs, _lost) = (true, nowNs + AgainNs, 0);
        return true;
    }

    /// <summary>The length of a probe of new data that should go out now, without options; null when none
    /// should.</summary>
    public int? Wanted(long nowNs)
    {
        if (nowNs >= _againNs)
            (_isSearching, _high, _againNs) = (true, _top, nowNs + AgainNs); // The path may have changed.
        if (!_isSearching || IsOut)
            return null;
        // First what it was before: the black hole may have been an outage.
        return _high == _top ? _top : (block.Size.Maximum + _high + 1) / 2;
    }

    /// <summary>The probe is sent: it ends at SND.NXT, begins at <paramref name="start"/>, and is as long as was
    /// <paramref name="wanted"/>.</summary>
    public void OnSent(uint start, int wanted) =>
        (IsOut, _start, _end, _length) = (true, start, block.Space.Next, wanted);

    /// <summary>SND.UNA has moved on.</summary>
    /// <returns>Whether segments are longer from now on.</returns>
    public bool OnAdvanced()
    {
        if (!IsOut || block.Space.Unacknowledged.IsBefore(_end))
            return false;
        IsOut = false;
        block.Size.Path = _length;
        Narrow(_high);
        return true;
    }

    /// <summary>What begins at <paramref name="start"/> is sent again: if that is the probe, it was too long.</summary>
    public void OnRepeated(uint start)
    {
        if (!Covers(start))
            return;
        IsOut = false;
        if (++_lost == ProbesMax)
            Narrow(_length - 1);
    }

    /// <summary>Whether what begins at <paramref name="start"/> is the probe: RFC 4821 section 7.6.2, its loss tells of
    /// its length and not of congestion.</summary>
    public bool Covers(uint start) => IsOut && !start.IsBefore(_start) && start.IsBefore(_end);

    /// <summary>Whether all that is lost is the probe.</summary>
    public bool IsAllThatIsLost
    {
        get
        {
            ref var scoreboard = ref block.Recovery.Scoreboard;
            return IsOut && scoreboard.LostBytes == _start.DistanceTo(_end)
                && scoreboard.TryFirstLost(out var slot) && scoreboard[slot].Start == _start;
        }
    }

    private void Narrow(int high)
    {
        (_high, _lost) = (high, 0);
        _isSearching = _high - block.Size.Maximum > Precision;
    }
}
