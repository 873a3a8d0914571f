namespace Mirage.Testing;

/// <summary>How long an operation of a disk takes: uniform from <paramref name="Least"/> to
/// <paramref name="Most"/>.</summary>
/// <param name="Least">The shortest time.</param>
/// <param name="Most">The longest time.</param>
public readonly record struct DiskLatency(TimeSpan Least, TimeSpan Most)
{
    /// <summary>Every operation is done when the call returns.</summary>
    public static DiskLatency None => default;

    /// <summary>Always the same time.</summary>
    public static DiskLatency Fixed(TimeSpan time) => new(time, time);

    internal long Draw(SplitMix64 random)
    {
        var (least, most) = (Least.Ticks * 100, Most.Ticks * 100);
        return most <= least ? least : least + random.Next(most - least + 1);
    }
}
