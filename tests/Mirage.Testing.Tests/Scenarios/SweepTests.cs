namespace Mirage.Testing.Tests;

public sealed class SweepTests : IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Seeds_AllPass_ReportsHoursFaultsAndMarks()
    {
        Assert.Equal(0, Run("kv", "--seeds", "4", "--jobs=2"));
        var lines = _output.ToString().Split('\n');
        Assert.Matches(@"^4 seeds, 0\.[0-9] virtual hours in [0-9.]+ s \([0-9]+ times\)$", lines[0]);
        Assert.Matches(@"^[0-9]+ faults: ([0-9]+ [a-z ]+(, )?)+$", lines[1]);
        Assert.Matches(@"^marks: .*[0-9]+ acknowledged", lines[2]);
        Assert.Equal("4 passed, 0 failed", lines[3]);
    }

    [Fact]
    public void SeedThatFails_IsToldAndReplayed()
    {
        Assert.Equal(1, Run("wrong", "--seeds=1", "--first=7"));
        var text = _output.ToString();
        Assert.Contains("wrong, seed 7: nothing is right.", text, StringComparison.Ordinal);
        Assert.Contains("0 passed, 1 failed", text, StringComparison.Ordinal);
        var directory = text.Split('\n').First(static line => line.StartsWith("Plan, events", StringComparison.Ordinal))
            .Split(": ")[1];
        _output.GetStringBuilder().Clear();
        Assert.Equal(1, Run("wrong", "--replay", directory));
        Assert.Contains("wrong, seed 7: nothing is right.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FailureOfAnotherScenario_IsNotReplayedAsThisOne()
    {
        var directory = Directory.CreateTempSubdirectory("sim").FullName;
        new SimFailure(directory, "kv", 1, FaultPlan.None, 1).Write();
        Assert.Equal(64, Run("wrong", "--replay", directory));
        Assert.Contains("is a failure of 'kv'", _output.ToString(), StringComparison.Ordinal);
        File.Delete(Path.Combine(directory, "plan.txt"));
        Assert.Equal(64, Run("kv", "--replay", directory));
        Assert.Contains("plan.txt is missing", _output.ToString(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(directory, "plan.txt"), "1s crush a");
        Assert.Equal(64, Run("kv", "--replay", directory));
        Assert.Contains("plan.txt: line 1 of the fault plan", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_IsKept() => Assert.Equal(0, Run("kv", "--time=0.2s", "--jobs=1"));

    [Theory]
    [InlineData("'what' is no scenario: kv, wrong.", "what")]
    [InlineData("--seeds needs a value", "kv", "--seeds")]
    [InlineData("--seeds needs a number from 1 on, not 'many'", "kv", "--seeds=many")]
    [InlineData("--seeds needs a number from 1 on, not '0'", "kv", "--seeds=0")]
    [InlineData("--time needs more than no time", "kv", "--time=-5s")]
    [InlineData("'soon' is no time", "kv", "--time=soon")]
    [InlineData("'--what' is no option", "kv", "--what=1")]
    [InlineData("holds no failure", "kv", "--replay=/nowhere")]
    public void BadArgument_SaysWhatIsWrong(string why, params string[] args)
    {
        Assert.Equal(64, Run(args));
        Assert.Contains(why, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NoName_ListsTheScenarios()
    {
        Assert.Equal(64, Run());
        Assert.StartsWith("usage: sweep NAME", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("kv, wrong.\n", _output.ToString(), StringComparison.Ordinal);
    }

    private int Run(params string[] args) =>
        new Sweep().Add<KvScenario<SimBlock>>().Add<Wrong>().Main(args, _output);

    private sealed class Wrong : Scenario
    {
        public override string Name => "wrong";

        public override TimeSpan Duration => TimeSpan.FromSeconds(1);

        public override void Build(SimWorld world) => throw new SimFailureException("nothing is right.");
    }
}
