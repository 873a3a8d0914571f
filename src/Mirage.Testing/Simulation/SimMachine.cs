namespace Mirage.Testing;

/// <summary>A computer in a world: hardware that stays, and one program after another that runs on it.</summary>
#pragma warning disable CA1001 // The host of a machine that crashed runs no code any more, its disposal included.
public sealed class SimMachine
#pragma warning restore CA1001
{
    private readonly List<(string Name, ISimHardware Part)> _hardware = [];
    private readonly List<Action<SimHost>> _attach = [];
    private Func<SimHost, Task<int>>? _program;
    private SimHost? _host;
    private Task<int>? _running;
    private long _pausedUntilNs;

    internal SimMachine(SimWorld world, string name)
    {
        (World, Name) = (world, name);
        Clock = new SimClock(() => world.NowNs);
    }

    /// <summary>The world it stands in.</summary>
    public SimWorld World { get; }

    /// <summary>Its name, which traces and fault plans use.</summary>
    public string Name { get; }

    /// <summary>Its clock.</summary>
    public SimClock Clock { get; }

    /// <summary>Whether a program runs on it.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Programs begun so far.</summary>
    public int Boots { get; private set; }

    /// <summary>How the last program ended, see <see cref="ExitCode"/>; null while it runs and after a crash.</summary>
    public int? Exit { get; private set; }

    /// <summary>The host of the program that runs, or ran last.</summary>
    /// <exception cref="InvalidOperationException">Nothing was begun on the machine.</exception>
    public SimHost Host => _host ?? throw new InvalidOperationException($"{Name} was never booted.");

    /// <summary>Whether it waits for its <see cref="Pause"/> to end.</summary>
    public bool IsPaused => IsUp && World.NowNs < _pausedUntilNs;

    /// <summary>Puts hardware into the machine, see <see cref="SimHost.Attach{T}"/>; every program that is begun from
    /// now on finds it there.</summary>
    /// <exception cref="ArgumentException">There is one of that kind and name, or the name is not one
    /// word.</exception>
    public void Attach<T>(string name, T hardware) where T : class, ISimHardware
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(hardware);
        if (name.Length > 0)
            SimWorld.CheckName(name);
        if (_hardware.Exists(it => it.Name == name && it.Part is T))
        {
            throw new ArgumentException(
                $"{Name} has a {typeof(T).Name} '{name}' already: give this one a name, and drive it by a tagged "
                + "device.",
                nameof(name));
        }

        _hardware.Add((name, hardware));
        var source = name.Length == 0 ? $"{Name}/{typeof(T).Name}" : $"{Name}/{name}";
        hardware.Report(line => World.Trace.Note(source, line));
        _attach.Add(host => host.Attach(name, hardware));
    }

    /// <summary>Boots a unikernel with these arguments, as a process would be started; it begins when the world
    /// runs.</summary>
    /// <exception cref="InvalidOperationException">A program is running.</exception>
    public void Boot<TUnikernel>(params string[] args) where TUnikernel : IUnikernel<TUnikernel> =>
        Begin(host => Mirage.Boot.Start<TUnikernel>(host, args));

    /// <summary>Runs <paramref name="main"/> as the machine's program; it begins when the world runs.</summary>
    /// <exception cref="InvalidOperationException">A program is running.</exception>
    public void Run(Func<SimHost, ValueTask> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        Begin(host => host.Loop.Start(async () =>
        {
            await main(host);
            return ExitCode.Done;
        }));
    }

    /// <summary>
    /// Gives the machine to a caller who runs the loop of its host himself, as the laws of devices do. Whenever that
    /// loop waits, the world goes on; nothing watches what leaves the machine.
    /// </summary>
    /// <exception cref="InvalidOperationException">A program is running.</exception>
    public SimHost Open()
    {
        Begin(static _ => throw new InvalidOperationException("Nobody but its caller runs an open machine."));
        (IsOpen, _program) = (true, null);
        return Host;
    }

    /// <summary>Cuts the power: nothing of the program runs any more, <c>finally</c> blocks included, and hardware
    /// loses what it had not made durable. Code of the program that calls this itself goes on to its next
    /// <c>await</c>. Does nothing when it is off.</summary>
    public void Crash()
    {
        if (!IsUp)
            return;
        World.Trace.Note(Name, "crash");
        Forget();
        Host.Loop.Abandon();
        foreach (var (_, part) in _hardware)
            part.PowerCut();
    }

    /// <summary>Begins the program that crashed again, on the same hardware. Does nothing when one runs, or the last
    /// one ended by itself.</summary>
    /// <exception cref="InvalidOperationException">Nothing was begun on the machine.</exception>
    public void Restart()
    {
        if (!IsUp && Exit is null)
            Begin(_program ?? throw new InvalidOperationException($"{Name} was never booted."));
    }

    /// <summary>Stops the machine's code for a while, as a long collection or a host that is too busy does; what
    /// arrives waits.</summary>
    public void Pause(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        _pausedUntilNs = Math.Max(_pausedUntilNs, World.After(duration));
    }

    /// <summary>Asks the program to end, as SIGTERM does.</summary>
    public void Stop()
    {
        if (IsUp)
            Host.Loop.Post(static host => ((SimHost)host!).RequestStop(), Host);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Whether somebody else than the world runs its loop.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>When its code has something to do, in the world's time; <see cref="long.MaxValue"/> for
    /// never.</summary>
    internal long NextNs()
    {
        if (!IsUp || IsOpen)
            return long.MaxValue;
        var next = _running is null || _host!.Loop.HasWork ? World.NowNs : Clock.ToWorld(_host!.Loop.NextDueNs);
        return next == long.MaxValue ? next : Math.Max(next, _pausedUntilNs);
    }

    /// <summary>Runs one iteration of its loop; the first one begins the program.</summary>
    internal void Step()
    {
        var boot = Boots;
        World.Fence.Running = this;
        try
        {
            if (_running is not null)
                _host!.Loop.Step();
            else if (_program!(_host!) is var running && IsUp && Boots == boot) // It may have cut its own power.
                _running = running;
        }
        catch (Exception failure) when (failure is not SimEscapeException)
        {
            // What runs on a loop besides the program's own task threw: on a real host the process ends.
            if (IsUp && Boots == boot)
                Off();
            throw Failed(failure);
        }
        finally
        {
            World.Fence.Running = null;
        }

        if (_running is { IsCompleted: true })
            End();
    }

    /// <summary>Ends what is wrong with the machine for a while, and has it run what was begun on it.</summary>
    internal void Heal()
    {
        _pausedUntilNs = 0;
        foreach (var (_, part) in _hardware)
            part.Heal();
        if (_program is not null)
            Restart();
    }

    /// <summary>Has the hardware of that name do something wrong; false when none knows how.</summary>
    internal bool TryFault(string name, string what, bool rehearse) =>
        _hardware.Exists(hardware => hardware.Name == name && hardware.Part.TryFault(what, rehearse));

    private void Begin(Func<SimHost, Task<int>> program)
    {
        if (IsUp)
            throw new InvalidOperationException($"A program runs on {Name}: stop or crash it first.");
        _program = program;
        Boots++;
        (Exit, IsUp, _pausedUntilNs, _running) = (null, true, 0, null);
        World.Trace.Note(Name, "boot");
        var seed = SplitMix64.Fork(World.Seed, $"{Name}#{Boots}").Next();
        _host = new SimHost(new MachineDriver(this), seed, () => World.Fence.Enter(this, "drew entropy"),
            line => World.Trace.Note(Name, line));
        foreach (var attach in _attach)
            attach(_host);
    }

    private void End()
    {
        var running = _running!;
        Off();
        if (running.IsFaulted)
            throw Failed(running.Exception!.InnerException!);
        Exit = running.IsCanceled ? ExitCode.Done : running.GetAwaiter().GetResult();
        World.Trace.Note(Name, $"exit {Exit}");
        if (Exit != ExitCode.Done)
            throw new SimFailureException(SimFailureKind.Machine,
                $"{Name} ended with exit code {Exit} at {World.Now}: {_host!.ErrorOutput.TrimEnd()}", null);
    }

    private void Off()
    {
        Forget();
        foreach (var (_, part) in _hardware)
            part.Detach();
    }

    private void Forget() => (IsUp, IsOpen, _running) = (false, false, null);

    private SimFailureException Failed(Exception failure)
    {
        World.Trace.Note(Name, $"failed with {failure.GetType().Name}");
        return new SimFailureException(SimFailureKind.Machine,
            $"{Name} failed at {World.Now}: {failure.GetType().Name}: {failure.Message}", failure);
    }
}
