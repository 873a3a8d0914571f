namespace Mirage.Testing.Tests;

public sealed class TraceTests
{
    // One seed, one trace: in every process, on every machine. A change of what machines send or when changes it; then
    // the new one is put here, after a look at why.
    private const string Golden = "aa5a976a3c04c590";

    [Fact]
    public void Seed_Trace_IsTheSameEverywhere()
    {
        var run = Simulation.Run<KvScenario<SimBlock>>(1, FaultPlan.Parse("""
            5s for 2s crash server
            10s for 5s isolate client0
            20s for 20s worsen * loss=50 bursts=5/200/1000 duplicate=20 reorder=50 corrupt=10 delay=0.001s..0.02s
            25s for 0.5s pause server
            30s clock client1 -3600s
            31s drift client2 500ppm
            """));
        Assert.Null(run.Failure);
        Assert.Equal(Golden, $"{run.Hash:x16}");
    }

    [Fact]
    public void Log_SameSeed_IsTheSameByteByByte()
    {
        Assert.Equal(Log(3), Log(3));
        Assert.NotEqual(Log(3), Log(4));

        static string Log(ulong seed)
        {
            var directory = Directory.CreateTempSubdirectory("sim").FullName;
            Simulation.Run<KvScenario<SimBlock>>(seed, directory: directory);
            var text = File.ReadAllText(Path.Combine(directory, "events.log"));
            Directory.Delete(directory, recursive: true);
            return text;
        }
    }

    [Fact]
    public void WritingTheLog_ChangesNothing()
    {
        var directory = Directory.CreateTempSubdirectory("sim").FullName;
        Assert.Equal(
            Simulation.Run<KvScenario<SimBlock>>(5).Hash,
            Simulation.Run<KvScenario<SimBlock>>(5, directory: directory).Hash);
        Directory.Delete(directory, recursive: true);
    }
}
