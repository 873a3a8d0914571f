using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Testing;

/// <summary>Tries a law on many cases and makes the first failure small and readable.</summary>
public static class LawRunner
{
    /// <summary>Tries a law. Blocks the caller, within the limits of <paramref name="options"/>, whatever the device
    /// does.</summary>
    /// <param name="law">What is tried.</param>
    /// <param name="options">How much, and for how long.</param>
    /// <param name="inputs">Generates and shrinks what differs from case to case.</param>
    /// <param name="createHost">A new world for a case.</param>
    /// <param name="body">One case, on the loop of its host.</param>
    /// <exception cref="LawException">The law does not hold.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options make no sense.</exception>
    /// <exception cref="TimeoutException">An input was not generated in time.</exception>
    public static void Check<TInput>(Law law, LawOptions options, Arbitrary<TInput> inputs,
        Func<ulong, Host> createHost, Func<LawRun, TInput, ValueTask> body)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(createHost);
        ArgumentNullException.ThrowIfNull(body);
        options.Validate();
        new Search<TInput>(law, options, inputs, createHost, body).Run();
    }

    /// <summary>Lists of operations, which shrink by leaving some out and by making some simpler.</summary>
    public static Arbitrary<LawOperation<TDevice, TModel>[]> Lists<TDevice, TModel>(
        Gen<LawOperation<TDevice, TModel>> operation) =>
        Arb.Array(Arb.From(operation, static given => given.Shrink()));

    private sealed class Search<TInput>(Law law, LawOptions options, Arbitrary<TInput> inputs,
        Func<ulong, Host> createHost, Func<LawRun, TInput, ValueTask> body)
    {
        private LawWatch _watch = null!;
        private volatile LawException? _found;
        private ulong _seed;
        private int _held;
        private int _shrinks;

        public void Run()
        {
            _watch = new LawWatch(LawOptions.Within(options.CaseLimit), Expire);
            _watch.Run(TryAll);
        }

        private void TryAll()
        {
            foreach (var seed in LawReplay.Seeds(options))
            {
                Volatile.Write(ref _seed, seed);
                if (_watch.Elapsed > LawOptions.Within(options.Limit))
                    throw new LawException(law, seed, [], new LawViolation(
                        $"{options.Cases} cases within {options.Limit.TotalSeconds} s", $"{_held} cases"), History());
                var random = SplitMix64.Fork(seed, "input");
                var size = 1 + random.Next(options.Size);
                var input = inputs.Generator.Sample(1, new Rnd(random.Next(), random.Next() | 1), size)[0];
                if (Fails(seed, input))
                    throw Shrink(seed, input);
                _held++;
            }
        }

        private LawException Shrink(ulong seed, TInput input)
        {
            var tried = 0;
            for (var smaller = true; smaller;)
            {
                smaller = false;
                foreach (var candidate in inputs.Shrinker(input))
                {
                    if (tried++ >= options.Shrinks || _watch.Elapsed > LawOptions.Within(options.Limit))
                        break;
                    if (!Fails(seed, candidate))
                        continue;
                    (input, smaller) = (candidate, true);
                    _shrinks++;
                    break;
                }
            }

            return _found!;
        }

        private bool Fails(ulong seed, TInput input)
        {
            var run = new LawRun(seed, options);
            var violation = Case(run, input);
            _watch.ThrowIfAbandoned();
            if (violation is null)
                return false;
            _found = Describe(run, violation);
            return true;
        }

        private LawViolation? Case(LawRun run, TInput input)
        {
            _watch.Begin(run);
            try
            {
                using var host = createHost(run.Seed);
                run.Host = host;
                host.Loop.Run(async () =>
                {
                    await body(run, input);
                    return true;
                });
                return run.Violation; // A device may have swallowed the exception that said so.
            }
            catch (Exception failure)
            {
                // What is thrown on the loop outside of an operation ends the run of the loop, and belongs to the
                // operation under way.
                return run.Violation ?? failure as LawViolation ?? LawViolation.Thrown(failure);
            }
            finally
            {
                _watch.End();
            }
        }

        // A smaller case that hangs, or is not even made, says less than the failure it was to be made from.
        private Exception Expire(LawRun? run)
        {
            if (_found is { } found)
                return found;
            var limit = $"within {options.CaseLimit.TotalSeconds} s";
            if (run is null)
                return new TimeoutException($"{law.Id}: {law.Sentence}\nDevice: {law.Device}\n\n" +
                    $"An input was not generated {limit}.\n{LawReplay.Line(law, Volatile.Read(ref _seed))}");
            return Describe(run, run.Violation ?? new LawViolation(
                $"an end {limit} of real time", "it goes on, or blocks its thread"));
        }

        private LawException Describe(LawRun run, LawViolation violation) =>
            new(law, run.Seed, run.Operations, violation, History());

        private string History() => $"Held in {_held} cases before; shrunk {_shrinks} times.";
    }
}
