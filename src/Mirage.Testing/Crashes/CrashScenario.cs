namespace Mirage.Testing;

/// <summary>A program over a disk, and what must hold of the disk wherever its power is cut.</summary>
/// <remarks>Everything is run many times and must do the same each time: entropy comes from the host. The disk is the
/// untagged one of the machine, so that <see cref="Boot.Connect{T}"/> connects a store over <see cref="SimBlock"/>, and
/// <see cref="SimBlock.Over"/> gives it to one that is made by hand.</remarks>
/// <typeparam name="TState">What the work tells the check, as the values whose writing was acknowledged.</typeparam>
public sealed record CrashScenario<TState>
{
    /// <summary>Makes the disk.</summary>
    public required Func<SimDisk> Disk { get; init; }

    /// <summary>Makes the state, before anything was done.</summary>
    public required Func<TState> State { get; init; }

    /// <summary>What comes first, as formatting; the power holds meanwhile.</summary>
    public Func<Host, SimDisk, ValueTask> Prepare { get; init; } = static (_, _) => ValueTask.CompletedTask;

    /// <summary>The work under which the power is cut. It says in the state what it is about to do, and what was
    /// done.</summary>
    public required Func<Host, SimDisk, TState, ValueTask> Work { get; init; }

    /// <summary>
    /// Opens what a power cut left, and says what is wrong with it; null for nothing. The power is cut under this as
    /// well, and it is run again: it does not change the state.
    /// </summary>
    public required Func<Host, SimDisk, TState, ValueTask<string?>> Check { get; init; }
}
