namespace Mirage.Testing.Tests;

public sealed class ScenarioTests
{
    [Fact]
    public void SeedThatFails_IsShrunkWrittenAndSeenAgain()
    {
        var error = Assert.Throws<SimFailureException>(() => Simulation.Check<TwoCrashes>(seeds: 50));
        var lines = error.Message.Split('\n');
        Assert.Matches("^twocrashes, seed [0-9]+: it crashed too often\\.$", lines[0]);
        Assert.Matches("^Faults, 2 of [0-9]+ that are needed:$", lines[1]);
        var directory = lines.Single(static line => line.StartsWith("Plan, events", StringComparison.Ordinal))
            .Split(": ")[1];
        Assert.Equal(
            ["a-net-0.pcap", "b-net-1.pcap", "events.log", "plan.txt", "seed.txt"],
            Directory.GetFiles(directory).Select(Path.GetFileName).Order());
        Assert.Equal(2, FaultPlan.Parse(File.ReadAllText(Path.Combine(directory, "plan.txt"))).Faults.Count);
        var events = File.ReadAllText(Path.Combine(directory, "events.log"));
        Assert.Equal(2, events.Split("crash a\n").Length - 1);

        var again = Simulation.Replay<TwoCrashes>(SimFailure.Read(directory));
        Assert.Equal("it crashed too often.", again.Failure?.Message);
        Assert.Equal(events, File.ReadAllText(Path.Combine(directory, "replay", "events.log")));
    }

    [Fact]
    public void ReplayThatFailsOnAnotherWay_SaysSo()
    {
        var directory = Directory.CreateTempSubdirectory("sim").FullName;
        var plan = FaultPlan.Parse("1s for 1s crash a\n5s for 1s crash a\n");
        new SimFailure(directory, "twocrashes", 1, plan, 12345).Write();
        var error = Assert.Throws<SimFailureException>(
            () => Simulation.Replay<TwoCrashes>(SimFailure.Read(directory)));
        Assert.Contains("went another way", error.Message, StringComparison.Ordinal);
        Assert.Contains("It failed: it crashed too often.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayOfWhatWasMended_DoesNotFail()
    {
        var directory = Directory.CreateTempSubdirectory("sim").FullName;
        new SimFailure(directory, "twocrashes", 1, FaultPlan.None, 12345).Write();
        Assert.Null(Simulation.Replay<TwoCrashes>(SimFailure.Read(directory)).Failure);
    }

    [Theory]
    [InlineData(null, "seed.txt is missing")]
    [InlineData("what", "is not 'SCENARIO SEED TRACE'")]
    [InlineData("a b c", "is not 'SCENARIO SEED TRACE'")]
    public void DirectoryWithoutFailure_SaysSo(string? seed, string why)
    {
        var directory = Directory.CreateTempSubdirectory("sim").FullName;
        if (seed is not null)
            File.WriteAllText(Path.Combine(directory, "seed.txt"), seed);
        var error = Assert.Throws<FormatException>(() => SimFailure.Read(directory));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatEscapes_UnseenByTheFence_IsFoundByRunningTwice()
    {
        var error = Assert.Throws<SimFailureException>(() => Simulation.Check<Ambient>(seeds: 1));
        Assert.Contains("two runs differ", error.Message, StringComparison.Ordinal);
        Assert.Contains("m: drew ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NeverSettles_Fails()
    {
        var run = Simulation.Run<Restless>(1);
        Assert.StartsWith(
            "What must happen once all is well: not within 00:05:00", run.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameOfTwoWords_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Simulation.Run<TwoWords>(1));

    [Fact]
    public void Heal_FaultsThatHaveNotBegun_NeverDo()
    {
        var world = new SimWorld();
        new TwoCrashes().Build(world);
        FaultPlan.Parse("0s for 1000s pause a\n5s for 3600s isolate a\n6s for 1s crash b\n").Apply(world);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.True(world.Machine("a").IsPaused);
        world.Heal();
        Assert.False(world.Machine("a").IsPaused);
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Empty(world.Nets[0].Conditions);
        Assert.Equal(1, world.Machine("b").Boots);
        Assert.Equal(1, world.Faults.Total);
    }

    [Fact]
    public void Heal_DiskThatIsFull_IsNot()
    {
        var world = new SimWorld();
        var disk = new SimDisk(512, 8);
        world.AddMachine("a").Attach("", disk);
        FaultPlan.Parse("0s hardware a/ full\n0s hardware a/ slow 9\n0s hardware a/ write-error 1 9\n").Apply(world);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.IsType<BlockError.Io>(Write());
        world.Heal();
        Assert.Null(Write());

        BlockError? Write()
        {
            using var host = new SimHost();
            return host.Run(() => SimBlock.Write(SimBlock.Over(host, disk), 0, [new byte[512]])).Case as BlockError;
        }
    }

    [Fact]
    public void Heal_EverythingWrong_IsOver()
    {
        var world = new SimWorld();
        new TwoCrashes().Build(world);
        FaultPlan.Parse("0s for 100s isolate a\n0s for 100s worsen * loss=1000\n1s for 100s crash b\n").Apply(world);
        world.Run(TimeSpan.FromSeconds(2));
        world.Heal();
        Assert.True(world.Machine("b").IsUp);
        Assert.Empty(world.Nets[0].Conditions);
        world.Run(TimeSpan.FromSeconds(200));
        Assert.Equal(2, world.Machine("b").Boots);
    }

    /// <summary>Two machines, of which one must not crash twice.</summary>
    private sealed class TwoCrashes : Scenario
    {
        public override string Name => "twocrashes";

        public override void Build(SimWorld world)
        {
            var net = world.AddNet();
            foreach (var name in (string[])["a", "b"])
            {
                var machine = world.AddMachine(name);
                net.Attach(machine);
                machine.Run(static host => new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time)));
            }
        }

        public override FaultPlan DrawFaults(SimWorld world, SplitMix64 random) =>
            new FaultShape { Crashing = ["a", "b"], Partitioned = ["a", "b"], Pausing = ["b"] }.Draw(random);

        public override void CheckEnd(SimWorld world)
        {
            if (world.Machine("a").Boots > 2)
                throw new SimFailureException("it crashed too often.");
        }
    }

    /// <summary>Takes randomness from where none may be taken.</summary>
    private sealed class Ambient : Scenario
    {
        public override void Build(SimWorld world) => world.AddMachine("m").Run(static host =>
        {
            host.Out.Write($"drew {Guid.NewGuid()}\n");
            return ValueTask.CompletedTask;
        });
    }

    private sealed class TwoWords : Scenario
    {
        public override string Name => "two words";

        public override void Build(SimWorld world) { }
    }

    private sealed class Restless : Scenario
    {
        public override void Build(SimWorld world) { }

        public override bool IsSettled(SimWorld world) => false;
    }
}
