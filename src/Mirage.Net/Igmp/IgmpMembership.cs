namespace Mirage.Net;

/// <summary>A group that this host is in, or has just left.</summary>
internal sealed class IgmpMembership(IpAddress group)
{
    /// <summary>Stands for no time at all.</summary>
    public const long Never = long.MaxValue;

    public IpAddress Group => group;

    /// <summary>How many times it was joined; 0 while its leaving is being told.</summary>
    public int Joins { get; set; }

    /// <summary>How often the last change is still to be told.</summary>
    public int ChangesLeft { get; private set; }

    /// <summary>When it is told next.</summary>
    public long ChangeDueNs { get; private set; } = Never;

    /// <summary>When a query is answered.</summary>
    public long ResponseDueNs { get; set; } = Never;

    /// <summary>When it was reported last; before that, long ago.</summary>
    public long ReportedNs { get; set; } = long.MinValue / 2;

    /// <summary>Whether this host was the last one to report it, as far as it has heard: RFC 2236 section 3.</summary>
    public bool IsReporter { get; set; }

    public long NextNs => Math.Min(ChangeDueNs, ResponseDueNs);

    /// <summary>It was joined or left, which is told <paramref name="times"/> times from now on.</summary>
    public void HandleChange(int times, long nowNs) => (ChangesLeft, ChangeDueNs) = (times, nowNs);

    /// <summary>The change was told once, and is told again at <paramref name="nextNs"/> if it is to be.</summary>
    public void HandleTold(long nextNs) => ChangeDueNs = --ChangesLeft > 0 ? nextNs : Never;

    /// <summary>Nothing is to be told any more.</summary>
    public void Cancel() => (ChangesLeft, ChangeDueNs, ResponseDueNs) = (0, Never, Never);
}
