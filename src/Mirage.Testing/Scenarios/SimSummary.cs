namespace Mirage.Testing;

/// <summary>What many runs did together.</summary>
public sealed class SimSummary
{
    /// <summary>Runs.</summary>
    public int Runs { get; private set; }

    /// <summary>Runs that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Time that passed in their worlds.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>The faults they did.</summary>
    public SimTally Faults { get; } = new();

    /// <summary>What their scenarios marked.</summary>
    public SimTally Marks { get; } = new();

    /// <summary>Adds a run.</summary>
    public void Add(SimRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Runs++;
        Failures += run.Failure is null ? 0 : 1;
        Time += run.Time;
        Faults.Add(run.Faults);
        Marks.Add(run.Marks);
    }
}
