namespace Mirage.Testing;

/// <summary>What came of a scenario with one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Plan">The faults it was to survive.</param>
/// <param name="Failure">Why it failed, or null.</param>
/// <param name="Hash">Its trace, see <see cref="SimTrace.Hash"/>.</param>
/// <param name="Time">How much time passed in the world.</param>
/// <param name="Faults">The faults done, frames lost among them.</param>
/// <param name="Marks">What the scenario marked.</param>
public sealed record SimRun(
    ulong Seed, FaultPlan Plan, Exception? Failure, ulong Hash, TimeSpan Time, SimTally Faults, SimTally Marks);
