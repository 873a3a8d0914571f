using System.Globalization;
using System.Text;

namespace Mirage.Testing;

/// <summary>Runs scenarios: one seed, many, or one again.</summary>
public static class Simulation
{
    /// <summary>The variable of the environment with the directory of a failure to see again, in place of what
    /// <see cref="Check{TScenario}"/> would try.</summary>
    public const string ReplayVariable = "MIRAGE_SIM";

    // One in so many seeds is run twice, to see that it does the same.
    internal const int TwiceEvery = 50;

    /// <summary>Runs a scenario with <paramref name="seed"/>, and with <paramref name="plan"/> or else with the faults
    /// that the seed gives. What fails is in the result.</summary>
    /// <param name="seed">What everything random follows from.</param>
    /// <param name="plan">The faults, or null for those of the seed.</param>
    /// <param name="directory">Where to write events and captures; null for nowhere.</param>
    public static SimRun Run<TScenario>(ulong seed, FaultPlan? plan = null, string? directory = null)
        where TScenario : Scenario, new()
    {
        SimWorld.CheckName(new TScenario().Name); // It stands in files and command lines.
        var world = new SimWorld(seed);
        Exception? failure = null;
        using var recording = directory is null ? null : world.Record(directory);
        try
        {
            var scenario = new TScenario();
            scenario.Build(world);
            plan ??= scenario.DrawFaults(world, world.Random("faults"));
            plan.Apply(world);
            Play(scenario, world);
        }
        catch (Exception error) // Whatever a scenario throws is its verdict.
        {
            failure = error;
        }

        return new SimRun(
            seed, plan ?? FaultPlan.None, failure, world.Trace.Hash, world.Now, world.Faults, world.Marks);
    }

    /// <summary>
    /// Runs a scenario with <paramref name="seeds"/> seeds from <paramref name="first"/> on, some of them twice to see
    /// that they do the same. The first failure is shrunk to fewer faults and written to files.
    /// </summary>
    /// <returns>What all runs together did.</returns>
    /// <exception cref="SimFailureException">A seed failed; the message says why, by which faults, and how to see it
    /// again.</exception>
    public static SimSummary Check<TScenario>(int seeds, ulong first = 1) where TScenario : Scenario, new()
    {
#pragma warning disable RS0030 // Who runs a test again says so in the environment of the test run, which is no host.
        var replay = Environment.GetEnvironmentVariable(ReplayVariable);
#pragma warning restore RS0030
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seeds);
        var summary = new SimSummary();
        if (!string.IsNullOrEmpty(replay) && SimFailure.Read(replay) is var failure
            && failure.Scenario == new TScenario().Name)
        {
            Report<TScenario>(summary, Replay<TScenario>(failure), failure.Directory);
            return summary;
        }

        for (var index = 0; index < seeds; index++)
        {
            var seed = first + (ulong)index;
            var run = Run<TScenario>(seed);
            if (index % TwiceEvery == 0)
                CheckTwice<TScenario>(run);
            Report<TScenario>(summary, run, null);
        }

        return summary;
    }

    /// <summary>Runs a failure that was written to a directory again, and writes events and captures beside
    /// it, below <c>replay</c>.</summary>
    /// <exception cref="SimFailureException">It fails on another way: the code or the runtime is another. One that does
    /// not fail any more is no exception.</exception>
    internal static SimRun Replay<TScenario>(SimFailure failure) where TScenario : Scenario, new()
    {
        var run = Run<TScenario>(failure.Seed, failure.Plan, Path.Combine(failure.Directory, "replay"));
        return run.Failure is null || run.Hash == failure.Hash
            ? run
            : throw new SimFailureException(string.Create(CultureInfo.InvariantCulture,
                $"The replay of {failure.Directory} went another way: its trace is {run.Hash:x16} and was "
                + $"{failure.Hash:x16}. It is another version of the code, or something escapes the world."
                + $" It failed: {run.Failure.Message}"));
    }

    /// <summary>Makes a failure small, writes it to files and says all about it in one message.</summary>
    internal static string Describe<TScenario>(SimRun run, string? directory) where TScenario : Scenario, new()
    {
        var name = new TScenario().Name;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name}, seed {run.Seed}: {run.Failure!.Message}\n");
        if (directory is null)
        {
            var plan = run.Plan.Shrink(smaller =>
                SimFailureException.IsSame(run.Failure, Run<TScenario>(run.Seed, smaller).Failure));
            text.Append(CultureInfo.InvariantCulture,
                $"Faults, {plan.Faults.Count} of {run.Plan.Faults.Count} that are needed:\n{plan}");
            directory = SimFailure.NewDirectory(name, run.Seed);
            try
            {
                var small = Run<TScenario>(run.Seed, plan, directory);
                new SimFailure(directory, name, run.Seed, plan, small.Hash).Write();
                text.Append(CultureInfo.InvariantCulture, $"With these: {small.Failure?.Message}\n");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                text.Append(CultureInfo.InvariantCulture, $"Nothing was written: {error.Message}");
                return text.ToString();
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"Plan, events and captures: {directory}\n");
        text.Append(CultureInfo.InvariantCulture, $"Replay: {ReplayVariable}={directory} and run it again");
        return text.ToString();
    }

    /// <summary>Runs a seed again and fails when it does not do the same; the message has the first event that
    /// differs.</summary>
    internal static void CheckTwice<TScenario>(SimRun run) where TScenario : Scenario, new()
    {
        if (Run<TScenario>(run.Seed, run.Plan).Hash == run.Hash)
            return;
        throw new SimFailureException(
            $"{new TScenario().Name}, seed {run.Seed}: two runs differ, so something escapes the world. "
            + $"{Difference.Find(() => Events<TScenario>(run), () => Events<TScenario>(run))}");
    }

    private static void Report<TScenario>(SimSummary summary, SimRun run, string? directory)
        where TScenario : Scenario, new()
    {
        summary.Add(run);
        if (run.Failure is not null)
            throw new SimFailureException(Describe<TScenario>(run, directory), run.Failure);
    }

    private static string Events<TScenario>(SimRun run) where TScenario : Scenario, new()
    {
        var directory = SimFailure.NewDirectory(new TScenario().Name, run.Seed);
        Run<TScenario>(run.Seed, run.Plan, directory);
        return File.ReadAllText(Path.Combine(directory, "events.log"));
    }

    private static void Play(Scenario scenario, SimWorld world)
    {
        if (scenario.CheckInterval <= TimeSpan.Zero)
            throw new InvalidOperationException($"{scenario.Name}.CheckInterval is {scenario.CheckInterval}.");
        for (var end = world.Now + scenario.Duration; world.Now < end;)
        {
            var left = end - world.Now;
            world.Run(left < scenario.CheckInterval ? left : scenario.CheckInterval);
            scenario.Check(world);
        }

        world.Heal();
        world.Await("What must happen once all is well", () => scenario.IsSettled(world), scenario.SettleLimit);
        scenario.Check(world);
        scenario.CheckEnd(world);
    }
}
