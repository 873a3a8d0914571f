namespace Mirage.Testing;

/// <summary>Machines, the networks between them and one time: a world in which everything follows from a
/// seed.</summary>
/// <remarks>
/// All machines run on the calling thread, one iteration of a loop after another; when none has anything to do, time
/// goes on to the next event. A machine that fails, by an exception or an exit code other than 0, ends the run with
/// <see cref="SimFailureException"/>, and code that leaves its loop with <see cref="SimEscapeException"/>.
/// </remarks>
public sealed class SimWorld
{
    private const int StepsAtOneInstantMax = 1_000_000;
    private static readonly TimeSpan s_end = EndOfTime;
    private readonly List<SimMachine> _machines = [];
    private readonly List<SimNet> _nets = [];
    private readonly PriorityQueue<WorldEvent, (long AtNs, long Sequence)> _events = new();
    private long _sequence;
    private int _stepsAtInstant;
    private bool _isRunning;

    /// <summary>An empty world.</summary>
    public SimWorld(ulong seed = 1)
    {
        Seed = seed;
        Trace = new SimTrace(() => NowNs);
    }

    /// <summary>What everything random follows from.</summary>
    public ulong Seed { get; }

    /// <summary>Time since the world began.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(NowNs / 100);

    /// <summary>What happened so far.</summary>
    public SimTrace Trace { get; }

    /// <summary>The faults done so far, by kind.</summary>
    public SimTally Faults { get; } = new();

    /// <summary>What a scenario wants to have happened in some run: retransmissions, recoveries, retries.</summary>
    public SimTally Marks { get; } = new();

    /// <summary>The machines, in the order they were added.</summary>
    public IReadOnlyList<SimMachine> Machines => _machines;

    /// <summary>The networks, in the order they were added.</summary>
    public IReadOnlyList<SimNet> Nets => _nets;

    /// <summary>The longest that anything takes: it fits 64 bits of nanoseconds thrice.</summary>
    internal static TimeSpan EndOfTime => TimeSpan.FromDays(90 * 365);

    internal long NowNs { get; private set; }

    /// <summary>How often <see cref="Heal"/> was called: a plan from before has nothing more to do.</summary>
    internal int Heals { get; private set; }

    internal SimFence Fence { get; } = new();

    internal SimRecording? Recording { get; private set; }

    /// <summary>Adds a machine that is off.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is not one word.</exception>
    public SimMachine AddMachine(string name)
    {
        CheckName(name);
        CheckFree(name, _machines.Exists(machine => machine.Name == name));
        var machine = new SimMachine(this, name);
        _machines.Add(machine);
        return machine;
    }

    /// <summary>Adds a network without ports, whose links are like <paramref name="model"/>.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is not one word.</exception>
    public SimNet AddNet(string name = "net", LinkModel? model = null)
    {
        CheckName(name);
        CheckFree(name, _nets.Exists(net => net.Name == name));
        var net = new SimNet(this, name, model ?? new());
        _nets.Add(net);
        return net;
    }

    /// <summary>The machine of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public SimMachine Machine(string name) => _machines.Find(machine => machine.Name == name)
        ?? throw new ArgumentException($"The world has no machine '{name}'.", nameof(name));

    /// <summary>A generator for a part of the world that is called <paramref name="name"/>.</summary>
    public SplitMix64 Random(string name) => SplitMix64.Fork(Seed, name);

    /// <summary>
    /// Writes what happens from now on to files in <paramref name="directory"/>, until the result is disposed:
    /// <c>events.log</c>, and a capture for each port that is attached meanwhile.
    /// </summary>
    public IDisposable Record(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Recording = new SimRecording(this, directory);
    }

    /// <summary>Ends everything that is wrong with networks, machines and their hardware, has every machine run that
    /// was begun, and drops what plans of faults still held.</summary>
    public void Heal()
    {
        Trace.Note("world", "heal");
        Heals++;
        foreach (var net in _nets)
            net.Heal();
        foreach (var machine in _machines)
            machine.Heal();
    }

    /// <summary>Does <paramref name="action"/> at a time of the world, between iterations of machines.</summary>
    public void At(TimeSpan time, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, s_end);
        Schedule(Math.Max(NowNs, time.Ticks * 100), new WorldAction(action));
    }

    /// <summary>Lets <paramref name="duration"/> pass.</summary>
    public void Run(TimeSpan duration) => RunUntil(static () => false, duration);

    /// <summary>Runs until <paramref name="condition"/> holds, which is looked at between events, for
    /// <paramref name="limit"/> at most; says whether it holds.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero);
        var limitNs = After(limit);
        BeginRunning();
        Fence.Begin();
        try
        {
            while (!condition())
            {
                if (!StepMachines() && !Advance(limitNs))
                    return condition();
                Fence.ThrowIfEscaped();
            }

            return true;
        }
        finally
        {
            _isRunning = false;
            Fence.End();
        }
    }

    /// <summary>Runs until <paramref name="condition"/> holds.</summary>
    /// <exception cref="SimFailureException">It does not within <paramref name="limit"/>; the message says
    /// <paramref name="what"/> was waited for.</exception>
    public void Await(string what, Func<bool> condition, TimeSpan limit)
    {
        if (!RunUntil(condition, limit))
            throw new SimFailureException(SimFailureKind.Late, $"{what}: not within {limit}, at {Now}.");
    }

    /// <summary>Runs until the loop of an open machine has something to do, or its clock shows
    /// <paramref name="dueNs"/>.</summary>
    internal void GoOnFor(SimMachine machine, long dueNs)
    {
        var worldNs = machine.Clock.ToWorld(dueNs);
        BeginRunning();
        try
        {
            GoOnUntil(machine, worldNs);
        }
        finally
        {
            _isRunning = false;
        }
    }

    private void GoOnUntil(SimMachine machine, long worldNs)
    {
        while (!machine.Host.Loop.HasWork && NowNs < worldNs)
        {
            if (StepMachines() || Advance(worldNs))
                continue;
            if (worldNs == long.MaxValue)
            {
                throw new InvalidOperationException(
                    "The world is stalled: nothing is ready, no timer is armed and the main task is not done.");
            }
        }
    }

    /// <summary>The time in <paramref name="duration"/>, or the end of time.</summary>
    internal long After(TimeSpan duration) =>
        duration > s_end - Now ? (long)s_end.TotalNanoseconds : NowNs + (duration.Ticks * 100);

    internal void Schedule(long atNs, WorldEvent occurrence) => _events.Enqueue(occurrence, (atNs, _sequence++));

    // One iteration of each machine that has something to do now.
    private bool StepMachines()
    {
        var isAny = false;
        for (var index = 0; index < _machines.Count; index++)
        {
            if (_machines[index].NextNs() > NowNs)
                continue;
            isAny = true;
            _machines[index].Step();
            CountStep(_machines[index].Name);
        }

        return isAny;
    }

    // Goes to the next event; false when it lies behind the limit.
    private bool Advance(long limitNs)
    {
        var next = _events.TryPeek(out _, out var first) ? first.AtNs : long.MaxValue;
        foreach (var machine in _machines)
            next = Math.Min(next, machine.NextNs());
        if (next == long.MaxValue && limitNs == long.MaxValue)
            return false;
        if (next > limitNs)
        {
            NowNs = limitNs;
            return false;
        }

        if (next > NowNs)
            (NowNs, _stepsAtInstant) = (next, 0);
        while (_events.TryPeek(out var occurrence, out var due) && due.AtNs <= NowNs)
        {
            _events.Dequeue();
            occurrence.Occur();
            CountStep("The world");
        }

        return true;
    }

    private void BeginRunning()
    {
        if (_isRunning)
            throw new InvalidOperationException("The world is running already: what happens in it cannot run it.");
        _isRunning = true;
    }

    private void CountStep(string who)
    {
        if (++_stepsAtInstant > StepsAtOneInstantMax)
        {
            throw new SimFailureException(
                SimFailureKind.Endless, $"{who} runs on and on without time passing, at {Now}.");
        }
    }

    private static void CheckFree(string name, bool isTaken)
    {
        if (isTaken)
            throw new ArgumentException($"The world has a '{name}' already.", nameof(name));
    }

    /// <summary>Fails for a name that the text of a fault plan cannot say.</summary>
    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == "*" || name.Any(static letter => char.IsWhiteSpace(letter) || letter is ',' or '>' or '/'))
            throw new ArgumentException($"'{name}' is no name: let it be one word.", nameof(name));
    }
}
