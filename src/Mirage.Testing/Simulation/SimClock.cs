namespace Mirage.Testing;

/// <summary>The clock of one machine: it may run fast or slow, and its time of day may be wrong.</summary>
/// <remarks>Integers only, so that two machines of different make agree to the nanosecond.</remarks>
public sealed class SimClock
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    internal const int DriftMin = -500_000;
    internal const int DriftMax = 1_000_000;
    private const long Million = 1_000_000;
    private readonly Func<long> _worldNs;
    private long _anchorWorldNs;
    private long _anchorNs;
    private long _offsetTicks;

    internal SimClock(Func<long> worldNs) => _worldNs = worldNs;

    /// <summary>How much faster than the world's the clock runs, in millionths; below zero it is slow.</summary>
    public int DriftPpm { get; private set; }

    /// <summary>What the time of day is ahead of the world's, drift aside.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(_offsetTicks);

    /// <summary>How far the time of day can be set.</summary>
    internal static TimeSpan LongestStep { get; } = TimeSpan.FromDays(1000 * 365);

    /// <summary>Monotonic time of this machine, ns.</summary>
    internal long NowNs => ToLocal(_worldNs());

    /// <summary>The time of day, as this machine believes.</summary>
    internal DateTimeOffset UtcNow => s_epoch.AddTicks((NowNs / 100) + _offsetTicks);

    /// <summary>Lets the clock run at another rate from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would run more than twice as fast, or stand.</exception>
    public void Drift(int ppm)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ppm, DriftMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(ppm, DriftMin);
        _anchorNs = NowNs;
        _anchorWorldNs = _worldNs();
        DriftPpm = ppm;
    }

    /// <summary>Sets the time of day ahead, or back; monotonic time is not touched. It goes a thousand years in either
    /// direction and no further.</summary>
    public void Step(TimeSpan by) => _offsetTicks =
        Math.Clamp(_offsetTicks + by.Ticks, -LongestStep.Ticks, LongestStep.Ticks);

    /// <summary>The earliest time of the world at which this clock shows <paramref name="localNs"/>.</summary>
    internal long ToWorld(long localNs)
    {
        if (localNs == long.MaxValue)
            return long.MaxValue;
        var elapsed = Math.Max(0, localNs - _anchorNs);
        if (DriftPpm == 0)
            return _anchorWorldNs + elapsed;
        var world = _anchorWorldNs + (long)((Int128)elapsed * Million / (Million + DriftPpm));
        while (ToLocal(world) < localNs) // The division rounds down.
            world++;
        return world;
    }

    private long ToLocal(long worldNs)
    {
        var elapsed = worldNs - _anchorWorldNs;
        if (DriftPpm == 0)
            return _anchorNs + elapsed;
        var (millions, rest) = Math.DivRem(elapsed, Million);
        return _anchorNs + elapsed + (millions * DriftPpm) + FloorDiv(rest * DriftPpm);
    }

    // Rounding towards zero would let a slow clock stand still and then jump.
    private static long FloorDiv(long value) => value >= 0 ? value / Million : -((-value + Million - 1) / Million);
}
