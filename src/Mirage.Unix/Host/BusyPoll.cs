namespace Mirage.Unix;

/// <summary>How long a loop without work looks for input again and again before it sleeps: not at all, unless input has
/// lately come that soon.</summary>
/// <remarks>
/// Waking a sleeping processor takes 20 to 50 µs on a virtual machine, which is more than a request costs. The rule is
/// the one by which KVM polls for a halted guest: a wait that was longer than the polling doubles it, one that was
/// longer than the most that is ever polled ends it. The processor is offered to others between two looks.
/// </remarks>
/// <param name="maxNs">The longest, ns; 0 always sleeps.</param>
internal struct BusyPoll(long maxNs)
{
    /// <summary>The longest of a driver of which nothing else was asked.</summary>
    public const int DefaultMaxUs = 100;

    private const long FirstNs = 10_000;

    /// <summary>The longest that is ever looked, ns.</summary>
    public readonly long MaxNs => maxNs;

    /// <summary>How long the next wait looks, ns.</summary>
    public long Ns { get; private set; }

    /// <summary>A wait took <paramref name="waitedNs"/>, looking and sleeping. Only what ended because there
    /// <paramref name="isInput"/> makes the next one look for longer: timers are known beforehand.</summary>
    public void HandleWait(long waitedNs, bool isInput)
    {
        if (waitedNs > maxNs)
            Ns = 0;
        else if (isInput && waitedNs > Ns)
            Ns = Math.Min(Math.Max(FirstNs, 2 * Ns), maxNs);
    }
}
