namespace Mirage.Testing;

/// <summary>The faults of a run, as data: written by hand, drawn from a seed, read from a file, or made
/// smaller.</summary>
/// <remarks>
/// Its text has a line a fault, as in
/// <code>
/// 2.5s for 3s isolate server
/// 4s for 0.2s crash server
/// 1s for 20s worsen * loss=30 bursts=5/100/1000
/// 6s clock client1 -3600s
/// </code>
/// An empty line and what follows <c>#</c> is nothing.</remarks>
/// <param name="Faults">The faults, in any order.</param>
public sealed record FaultPlan(IReadOnlyList<Fault> Faults)
{
    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([]);

    /// <summary>Reads the text that <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">A line is no fault; the message says which and why.</exception>
    public static FaultPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new List<Fault>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            try
            {
                faults.Add(FaultText.Read(words));
            }
            catch (FormatException error)
            {
                throw new FormatException($"line {number} of the fault plan: {error.Message}", error);
            }
        }

        return new FaultPlan(faults);
    }

    /// <summary>Has every fault happen in <paramref name="world"/>, counted from its present time.</summary>
    /// <exception cref="ArgumentException">A fault names a machine that the world does not have, or a time or a drift
    /// that there is not.</exception>
    public void Apply(SimWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        foreach (var fault in Faults)
        {
            if (fault.At < TimeSpan.Zero || fault.At > Fault.Longest)
                throw new ArgumentException($"'{fault}' is at no time of a plan.");
            fault.Check(world);
        }

        foreach (var fault in Faults)
        {
            var heals = world.Heals;
            world.At(world.Now + fault.At, () =>
            {
                if (world.Heals != heals)
                    return; // Everything is well from then on.
                world.Trace.Note("fault", fault.ToString());
                world.Faults.Add(fault.Kind);
                fault.Begin(world);
            });
        }
    }

    /// <summary>
    /// The smallest part of the plan that <paramref name="fails"/> says still fails: no fault of it can be left out.
    /// Zeller and Hildebrandt, 'Simplifying and isolating failure-inducing input', 2002.
    /// </summary>
    /// <param name="fails">Runs a plan; it is asked <paramref name="runsMax"/> times at most.</param>
    /// <param name="runsMax">When it was asked so often, the smallest plan so far is given.</param>
    public FaultPlan Shrink(Func<FaultPlan, bool> fails, int runsMax = 200)
    {
        ArgumentNullException.ThrowIfNull(fails);
        var faults = Faults.ToList();
        for (var pieces = 2; faults.Count > 0 && runsMax > 0;)
        {
            var size = (faults.Count + pieces - 1) / pieces;
            var isSmaller = false;
            for (var start = 0; start < faults.Count && runsMax > 0 && !isSmaller; start += size)
            {
                var rest = faults.Where((_, index) => index < start || index >= start + size).ToList();
                runsMax--;
                if (!fails(new FaultPlan(rest)))
                    continue;
                (faults, isSmaller) = (rest, true);
            }

            if (!isSmaller && size == 1)
                break;
            pieces = isSmaller ? Math.Max(2, pieces - 1) : Math.Min(faults.Count, pieces * 2);
        }

        return new FaultPlan(faults);
    }

    /// <summary>The text of the plan, a line a fault, by time.</summary>
    public override string ToString() =>
        string.Concat(Faults.OrderBy(static fault => fault.At).Select(static fault => $"{fault}\n"));
}
