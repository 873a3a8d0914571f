namespace Mirage.Testing;

/// <summary>How much of what a power cut may do is tried. What is over a limit is sampled by the seed.</summary>
public sealed record CrashLimits
{
    /// <summary>Power cuts one after another: with 2, the second comes while the first is recovered from.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Places in the work at which the power is cut.</summary>
    public int Cuts { get; init; } = 1000;

    /// <summary>Outcomes of one power cut. All subsets of 8 writes are 256.</summary>
    public int Outcomes { get; init; } = 256;

    /// <summary>Outcomes that are checked of all second power cuts together, of all third ones, and so on.</summary>
    public int Deeper { get; init; } = 2000;

    /// <summary>The time, in the host's, within which the work and each check end.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the samples, and the entropy of hosts, follow from.</summary>
    public ulong Seed { get; init; } = 1;
}
