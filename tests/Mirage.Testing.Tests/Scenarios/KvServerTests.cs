namespace Mirage.Testing.Tests;

/// <summary>The sample's scenario: a key-value server and its clients while power, links and clocks fail.</summary>
public sealed class KvServerTests
{
    [Fact]
    public void ThousandSeeds_PowerLinksAndClocksFail_EveryClientSeesOneStore()
    {
        var summary = Simulation.Check<KvScenario<SimBlock>>(seeds: 1000);
        Assert.Equal(1000, summary.Runs);
        Assert.True(summary.Time >= TimeSpan.FromHours(10));
        // A run in which nothing went wrong shows nothing.
        string[] faults =
        [
            "burst", "clock", "corrupted", "crash", "cut", "drift", "duplicated", "isolate", "lost", "pause",
            "reordered", "worsen",
        ];
        Assert.All(faults, fault => Assert.InRange(summary.Faults[fault], 100, int.MaxValue));
        string[] marks = ["acknowledged", "read", "broken off", "refused"];
        Assert.All(marks, mark => Assert.InRange(summary.Marks[mark], 100, int.MaxValue));
    }

    [Fact]
    public void DiskThatForgets_IsFound_AndOneCrashIsWhatItTakes()
    {
        var error = Assert.Throws<SimFailureException>(
            () => Simulation.Check<KvScenario<Forgetful<SimBlock>>>(seeds: 100));
        Assert.Contains("is no register", error.Message, StringComparison.Ordinal);
        Assert.Matches("Faults, 1 of [0-9]+ that are needed:\n[0-9.]+s for [0-9.]+s crash server\n", error.Message);
    }
}
