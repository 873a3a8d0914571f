namespace Mirage.Testing;

/// <summary>How much of what a power cut may do is tried. What is over a limit is sampled by the seed.</summary>
public sealed record CrashLimits
{
    // Task.Delay takes 2^32 - 2 ms.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    /// <summary>Power cuts one after another: with 2, the second comes while the first is recovered from.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Places in the work at which the power is cut.</summary>
    public int Cuts { get; init; } = 1000;

    /// <summary>Outcomes of one power cut. All subsets of 8 writes are 256.</summary>
    public int Outcomes { get; init; } = 256;

    /// <summary>Outcomes that are checked of all second power cuts together, of all third ones, and so on.</summary>
    public int Deeper { get; init; } = 2000;

    /// <summary>The time, in the host's, within which the work and each check end: at most 49
    /// days.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads, writes, discards and flushes within which the work and each check end.</summary>
    public int Requests { get; init; } = 100_000;

    /// <summary>What the samples, and the entropy of hosts, follow from.</summary>
    public ulong Seed { get; init; } = 1;

    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Depth);
        ArgumentOutOfRangeException.ThrowIfLessThan(Cuts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Outcomes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Deeper);
        ArgumentOutOfRangeException.ThrowIfLessThan(Requests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Time, s_longest);
    }
}
