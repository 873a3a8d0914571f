namespace Mirage.Testing;

/// <summary>Cuts the power of a disk at every write, discard and flush of a program, leaves every subset of what was
/// unflushed, and has the survivor checked.</summary>
/// <remarks>What is tried at a cut is all outcomes where they are few; else none, all, each write alone, each write
/// missing, each write torn, and a sample of the others.</remarks>
public static class CrashExplorer
{
    /// <summary>Explores <paramref name="scenario"/> up to its first failure.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit allows nothing.</exception>
    public static CrashReport Explore<TState>(CrashScenario<TState> scenario, CrashLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        limits ??= new();
        limits.ThrowIfInvalid();
        return new CrashExploration<TState>(scenario, limits).Run();
    }

    /// <summary>Explores <paramref name="scenario"/> and throws what failed.</summary>
    /// <exception cref="CrashException">An outcome of a power cut is wrong.</exception>
    public static CrashReport Check<TState>(CrashScenario<TState> scenario, CrashLimits? limits = null)
    {
        var report = Explore(scenario, limits);
        return report.Failure is { } failure ? throw new CrashException(failure) : report;
    }
}
