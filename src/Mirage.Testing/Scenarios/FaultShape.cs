namespace Mirage.Testing;

/// <summary>Which faults a plan may be drawn from. Each seed leaves some kinds out wholly, so that rare kinds come
/// together undisturbed: Groce and others, 'Swarm testing', 2012.</summary>
public sealed record FaultShape
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(10);

    /// <summary>The time in which faults begin.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many faults a plan has at most.</summary>
    public int FaultsMax { get; init; } = 12;

    /// <summary>The longest fault.</summary>
    public TimeSpan LongestFault { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Machines that lose their power.</summary>
    public IReadOnlyList<string> Crashing { get; init; } = [];

    /// <summary>Machines that are cut off, alone or with others, in both directions or one.</summary>
    public IReadOnlyList<string> Partitioned { get; init; } = [];

    /// <summary>Machines whose code stands still for a while.</summary>
    public IReadOnlyList<string> Pausing { get; init; } = [];

    /// <summary>Machines whose time of day is set and whose clock drifts.</summary>
    public IReadOnlyList<string> Clocks { get; init; } = [];

    /// <summary>Whether links get worse: loss, bursts, duplicates, reordering, corruption, delay.</summary>
    public bool Links { get; init; }

    /// <summary>What hardware does wrong, see <see cref="Fault.Hardware"/>: machine, name and words.</summary>
    public IReadOnlyList<(string Machine, string Name, string What)> Hardware { get; init; } = [];

    /// <summary>A plan of this shape.</summary>
    public FaultPlan Draw(SplitMix64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var kinds = new List<Func<SplitMix64, Fault>>();
        Offer(Crashing.Count, at => new Fault.Crash(At(at), For(at), One(at, Crashing)));
        Offer(Partitioned.Count, at => new Fault.Isolate(At(at), For(at), Some(at, Partitioned)));
        Offer(Partitioned.Count - 1, at =>
            Two(at, Partitioned) is var (from, to) ? new Fault.Cut(At(at), For(at), from, to) : null!);
        Offer(Pausing.Count, at => new Fault.Pause(At(at), For(at), One(at, Pausing)));
        Offer(Clocks.Count, at => new Fault.ClockStep(At(at), One(at, Clocks), Step(at)));
        Offer(Clocks.Count, at => new Fault.ClockDrift(At(at), One(at, Clocks), at.Next(2001) - 1000));
        Offer(Links ? 1 : 0, at => new Fault.Worsen(At(at), For(at), "*", Trouble(at)));
        Offer(Hardware.Count, at =>
            Hardware[at.Next(Hardware.Count)] is var (machine, name, what)
                ? new Fault.Hardware(At(at), machine, name, what) : null!);
        if (kinds.Count == 0)
            return FaultPlan.None;
        var faults = new Fault[random.Next(FaultsMax + 1)];
        for (var index = 0; index < faults.Length; index++)
            faults[index] = kinds[random.Next(kinds.Count)](random);
        return new FaultPlan(faults);

        void Offer(int candidates, Func<SplitMix64, Fault> draw)
        {
            if (random.Chance(500) && candidates > 0)
                kinds.Add(draw);
        }
    }

    private TimeSpan At(SplitMix64 random) => Milliseconds(random.Next((long)Duration.TotalMilliseconds + 1));

    // Short faults are as likely as long ones of any order of magnitude: a crash in between two steps takes a short
    // one.
    private TimeSpan For(SplitMix64 random)
    {
        var span = LongestFault;
        for (var halvings = random.Next(10); halvings > 0 && span > s_shortest; halvings--)
            span /= 2;
        return Milliseconds((long)span.TotalMilliseconds);
    }

    private static TimeSpan Step(SplitMix64 random)
    {
        var span = Milliseconds(1L << random.Next(32));
        return random.Chance(500) ? span : -span;
    }

    private static LinkTrouble Trouble(SplitMix64 random)
    {
        var delay = Milliseconds(random.Next(100));
        return new LinkTrouble
        {
            LossPermille = random.Chance(500) ? random.Next(300) : 0,
            Bursts = random.Chance(250) ? new LossBursts(random.Next(50), 50 + random.Next(450)) : null,
            DuplicatePermille = random.Chance(330) ? random.Next(200) : 0,
            ReorderPermille = random.Chance(330) ? random.Next(300) : 0,
            CorruptPermille = random.Chance(330) ? random.Next(100) : 0,
            Delay = random.Chance(500) ? Latency.Uniform(TimeSpan.Zero, delay) : default,
        };
    }

    private static string One(SplitMix64 random, IReadOnlyList<string> names) => names[random.Next(names.Count)];

    private static (string From, string To) Two(SplitMix64 random, IReadOnlyList<string> names)
    {
        var from = random.Next(names.Count);
        var to = (from + 1 + random.Next(names.Count - 1)) % names.Count;
        return (names[from], names[to]);
    }

    private static List<string> Some(SplitMix64 random, IReadOnlyList<string> names)
    {
        List<string> some = [.. names.Where(_ => random.Chance(400))];
        return some.Count > 0 ? some : [One(random, names)];
    }

    private static TimeSpan Milliseconds(long count) => TimeSpan.FromTicks(count * TimeSpan.TicksPerMillisecond);
}
