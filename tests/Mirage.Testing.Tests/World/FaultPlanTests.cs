using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Mirage.Testing.Tests;

public sealed class FaultPlanTests
{
    [Property(MaxTest = 300)]
    public void DrawnPlan_TextAndBack_IsTheSame(ulong seed)
    {
        string[] names = ["a", "b", "c"];
        var plan = new FaultShape
        {
            Crashing = names,
            Partitioned = names,
            Pausing = names,
            Clocks = names,
            Links = true,
            Hardware = [("a", "disk", "rot 3 4")],
        }.Draw(new SplitMix64(seed));
        var text = plan.ToString();
        Assert.Equal(text, FaultPlan.Parse(text).ToString());
    }

    [Fact]
    public void EveryKindOfFault_IsDrawnBySomeSeed()
    {
        string[] names = ["a", "b", "c"];
        var shape = new FaultShape
        {
            Crashing = names,
            Partitioned = names,
            Pausing = names,
            Clocks = names,
            Links = true,
            Hardware = [("a", "disk", "rot 3 4")],
        };
        var kinds = Enumerable.Range(1, 200).SelectMany(seed => shape.Draw(new SplitMix64((ulong)seed)).Faults)
            .Select(static fault => fault.Kind).Distinct().Order();
        Assert.Equal(["clock", "crash", "cut", "drift", "hardware", "isolate", "pause", "worsen"], kinds);
    }

    [Fact]
    public void Text_EveryFault_IsReadAsWritten()
    {
        const string Text = """
            0s for 1s isolate a,b
            0.5s for 0.25s cut a>b
            1s for 20s worsen * loss=30 bursts=5/100/900 duplicate=1 reorder=2 corrupt=3 blackhole=600
            1s for 20s worsen * delay=0.01s..0.02s
            2s for 2s worsen a loss=1000 delay=0.01s+0.3s
            2.5s for 0.0000001s crash a
            3s for 3s pause *
            4s clock b -3600s
            5s drift b -200ppm
            6s hardware a/disk rot 3 4

            """;
        Assert.Equal(Text, FaultPlan.Parse(Text.Replace("\n", "  # why\n", StringComparison.Ordinal)).ToString());
    }

    [Theory]
    [InlineData("1s", "expected: TIME")]
    [InlineData("soon crash a", "'soon' is no time")]
    [InlineData("1s crash a", "crash needs 'for TIME'")]
    [InlineData("1s for 2s clock a 1s", "clock has no duration")]
    [InlineData("1s for 2s crush a", "'crush a' is no fault")]
    [InlineData("1s for 2s crash a b", "'b' is too much")]
    [InlineData("1s for 2s worsen a lost=3", "links have no trouble 'lost'")]
    [InlineData("1s for 2s worsen a loss=1001", "'1001' is no number from 0 to 1000")]
    [InlineData("1s for 2s worsen a bursts=1", "'1' is no kind of burst")]
    [InlineData("1s for 2s worsen a delay=x", "'x' is no time")]
    [InlineData("1s for 2s worsen a delay=0.2s..0.1s", "no latency")]
    [InlineData("1s drift a fast", "'fast' is no drift")]
    [InlineData("99999999999999999999999999999999s for 1s crash a", "is no time")]
    public void Text_ThatIsNoPlan_SaysLineAndWhy(string line, string why)
    {
        var error = Assert.Throws<FormatException>(() => FaultPlan.Parse($"# first\n{line}\n"));
        Assert.StartsWith("line 2 of the fault plan: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 200)]
    public Property AnyText_IsAPlanOrAFormatException() => Prop.ForAll(
        Gen.Elements("1s", "for", "crash", "cut", "a>b", ">", "worsen", "*", "loss=", "=", "bursts=1/2/3", "clock",
            "drift", "-5ppm", "hardware", "a/", "#", "-1s", "isolate", ",", "\n").ArrayOf().ToArbitrary(), words =>
        {
            var error = Record.Exception(() => FaultPlan.Parse(string.Join(' ', words)));
            Assert.True(error is null or FormatException, $"{error}");
        });

    [Fact]
    public void TwoNumbersOfABurst_LoseAllInIt() =>
        Assert.Equal(
            "0s for 1s worsen * bursts=5/100/1000\n", FaultPlan.Parse("0s for 1s worsen * bursts=5/100").ToString());

    [Fact]
    public void Apply_MachineThatIsNotThere_ThrowsBeforeAnythingHappens()
    {
        var world = new SimWorld();
        world.AddMachine("a");
        var plan = FaultPlan.Parse("1s for 1s crash a\n1s for 1s crash b\n");
        var error = Assert.Throws<ArgumentException>(() => plan.Apply(world));
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
        world.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(0, world.Faults.Total);
    }

    [Fact]
    public void Apply_TimesAndDriftsThatThereAreNot_ThrowBeforeAnythingHappens()
    {
        var world = new SimWorld();
        world.AddMachine("a");
        Fault[] faults =
        [
            new Fault.ClockDrift(TimeSpan.Zero, "a", -1_000_000),
            new Fault.ClockStep(TimeSpan.Zero, "a", TimeSpan.MaxValue),
            new Fault.Pause(TimeSpan.Zero, TimeSpan.FromSeconds(-1), "a"),
            new Fault.Crash(TimeSpan.MaxValue, TimeSpan.Zero, "a"),
            new Fault.Crash(TimeSpan.FromSeconds(-1), TimeSpan.Zero, "a"),
        ];
        Assert.All(faults, fault =>
            Assert.Throws<ArgumentException>(() => new FaultPlan([fault]).Apply(world)));
    }

    [Fact]
    public void Apply_CrashAndPause_HappenAndEndInTime()
    {
        var world = new SimWorld();
        var machine = world.AddMachine("a");
        machine.Run(static host => new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time)));
        FaultPlan.Parse("1s for 2s crash a\n5s for 1s pause a\n").Apply(world);
        world.Run(TimeSpan.FromSeconds(2));
        Assert.False(machine.IsUp);
        world.Run(TimeSpan.FromSeconds(2));
        Assert.True(machine.IsUp);
        world.Run(TimeSpan.FromSeconds(1.5));
        Assert.True(machine.IsPaused);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.False(machine.IsPaused);
        Assert.Equal(1, world.Faults["crash"]);
        Assert.Equal(1, world.Faults["pause"]);
    }

    [Fact]
    public void Shrink_TwoFaultsThatTogetherFail_AreWhatIsLeft()
    {
        var plan = FaultPlan.Parse(string.Concat(
            Enumerable.Range(1, 20).Select(static second => $"{second}s for 1s crash a\n")));
        var runs = 0;
        var small = plan.Shrink(Fails);
        Assert.Equal("7s for 1s crash a\n13s for 1s crash a\n", small.ToString());
        Assert.InRange(runs, 1, 200);

        bool Fails(FaultPlan smaller)
        {
            runs++;
            return smaller.Faults.Any(static fault => fault.At.TotalSeconds == 7)
                && smaller.Faults.Any(static fault => fault.At.TotalSeconds == 13);
        }
    }

    [Fact]
    public void Shrink_FailsWithoutAnyFault_LeavesNone() =>
        Assert.Empty(FaultPlan.Parse("1s for 1s crash a\n2s for 1s crash a\n").Shrink(static _ => true).Faults);

    [Fact]
    public void Shrink_RunsOut_GivesTheSmallestSoFar()
    {
        var plan = FaultPlan.Parse(string.Concat(
            Enumerable.Range(1, 64).Select(static second => $"{second}s for 1s crash a\n")));
        var runs = 0;
        plan.Shrink(_ => ++runs < 0, runsMax: 10);
        Assert.Equal(10, runs);
    }
}
