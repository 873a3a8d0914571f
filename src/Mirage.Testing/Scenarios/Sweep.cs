using System.Diagnostics;
using System.Globalization;

namespace Mirage.Testing;

/// <summary>The command that tries scenarios on seed after seed: the main program of a sweep.</summary>
/// <remarks><c>sweep NAME [--time 60s] [--seeds N] [--first N] [--jobs N] [--replay DIRECTORY]</c>; without a name it
/// lists them. Each failure is shrunk and written to files, and the last lines say what all runs did.</remarks>
public sealed class Sweep
{
    private readonly Dictionary<string, Func<SweepOptions, TextWriter, bool>> _scenarios = new(StringComparer.Ordinal);

    /// <summary>Offers a scenario.</summary>
    public Sweep Add<TScenario>() where TScenario : Scenario, new()
    {
        _scenarios.Add(new TScenario().Name, Run<TScenario>);
        return this;
    }

    /// <summary>Runs the command.</summary>
    /// <param name="args">What follows its name.</param>
    /// <param name="output">Where the report goes.</param>
    /// <returns>The exit code: 0, 1 when a seed failed, 64 for a bad argument.</returns>
    public int Main(IReadOnlyList<string> args, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            if (args.Count == 0 || !_scenarios.TryGetValue(args[0], out var run))
            {
                var names = string.Join(", ", _scenarios.Keys.Order(StringComparer.Ordinal));
                output.Write($"{(args.Count == 0 ? SweepOptions.Usage : $"'{args[0]}' is no scenario")}: {names}.\n");
                return ExitCode.BadArgument;
            }

            return run(SweepOptions.Parse(args.Skip(1)), output) ? 0 : 1;
        }
        catch (FormatException error)
        {
            output.Write($"{error.Message}\n");
            return ExitCode.BadArgument;
        }
    }

    private static bool Run<TScenario>(SweepOptions options, TextWriter output) where TScenario : Scenario, new()
    {
        if (options.Replay is not { } directory)
            return new Jobs<TScenario>(options, output).Run();
        try
        {
            var failure = SimFailure.Read(directory);
            if (failure.Scenario != new TScenario().Name)
                throw new FormatException($"{directory} is a failure of '{failure.Scenario}': name that scenario");
            var run = Simulation.Replay<TScenario>(failure);
            output.Write(run.Failure is null
                ? $"{directory}: it does not fail any more.\n"
                : $"{Simulation.Describe<TScenario>(run, directory)}\n");
            return run.Failure is null;
        }
        catch (SimFailureException other)
        {
            output.Write($"{other.Message}\n");
            return false;
        }
    }
#pragma warning disable RS0030 // A sweep is no unikernel: it has threads, and the time it is given is real.
    /// <summary>Several threads, each with worlds of its own, which share the next seed and the summary.</summary>
    private sealed class Jobs<TScenario>(SweepOptions options, TextWriter output) where TScenario : Scenario, new()
    {
        private readonly Lock _gate = new();
        private readonly SimSummary _summary = new();
        private readonly long _started = Stopwatch.GetTimestamp();
        private ulong _next;

        private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

        public bool Run()
        {
            var threads = new Thread[options.Jobs];
            for (var index = 0; index < threads.Length; index++)
            {
                threads[index] = new Thread(Work, 4 * 1024 * 1024);
                threads[index].Start();
            }

            foreach (var thread in threads)
                thread.Join();
            Report();
            return _summary.Failures == 0;
        }

        private void Work()
        {
            while (Elapsed < options.Time && Interlocked.Increment(ref _next) is var number && number <= options.Seeds)
            {
                var (run, failure) = Try(options.First + number - 1, isTwice: number % Simulation.TwiceEvery == 1);
                lock (_gate)
                {
                    _summary.Add(run.Failure is null && failure is not null
                        ? run with { Failure = new SimFailureException(failure) }
                        : run);
                    if (failure is not null)
                        output.Write($"{failure}\n\n");
                }
            }
        }

        // Nothing that goes wrong with one seed ends the sweep.
        private static (SimRun Run, string? Failure) Try(ulong seed, bool isTwice)
        {
            var run = new SimRun(seed, FaultPlan.None, null, 0, TimeSpan.Zero, new SimTally(), new SimTally());
            try
            {
                run = Simulation.Run<TScenario>(seed);
                if (run.Failure is not null)
                    return (run, Simulation.Describe<TScenario>(run, null));
                if (isTwice)
                    Simulation.CheckTwice<TScenario>(run);
                return (run, null);
            }
            catch (Exception error)
            {
                return (run, $"{typeof(TScenario).Name}, seed {seed}: {error.Message}");
            }
        }

        private void Report()
        {
            var hours = _summary.Time.TotalHours;
            var seconds = Elapsed.TotalSeconds;
            var ratio = hours * 3600 / seconds;
            Line($"{_summary.Runs} seeds, {hours:F1} virtual hours in {seconds:F1} s ({ratio:F0} times)");
            Line($"{_summary.Faults.Total} faults: {Counts(_summary.Faults)}");
            if (_summary.Marks.Counts.Count > 0)
                Line($"marks: {Counts(_summary.Marks)}");
            Line($"{_summary.Runs - _summary.Failures} passed, {_summary.Failures} failed");
        }

        private void Line(FormattableString text) => output.Write($"{FormattableString.Invariant(text)}\n");

        private static string Counts(SimTally tally) => string.Join(", ",
            tally.Counts.Select(
                static count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
    }
#pragma warning restore RS0030
}
