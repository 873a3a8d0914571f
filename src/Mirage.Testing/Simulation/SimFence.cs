namespace Mirage.Testing;

/// <summary>Sees to it that nothing leaves a world: work for the thread pool, and other threads that touch a
/// machine.</summary>
/// <remarks>What reads the wall clock or ambient randomness is found at build, by the banned symbols, and otherwise by
/// running a seed twice.</remarks>
internal sealed class SimFence
{
    private Thread _owner = Thread.CurrentThread;
    private volatile string? _escape;

    /// <summary>The machine whose code is running, or null.</summary>
    public SimMachine? Running { get; set; }

    /// <summary>Makes the calling thread the world's, and watches what it hands to the thread pool.</summary>
    public void Begin()
    {
        _owner = Thread.CurrentThread;
        PoolWatch.Begin(this);
    }

    public void End()
    {
        PoolWatch.End();
        ThrowIfEscaped();
    }

    /// <summary>Called where a machine is asked for something that only its own code may ask for.</summary>
    public void Enter(SimMachine machine, string what)
    {
        if (Thread.CurrentThread == _owner || machine.IsOpen)
            return;
        var escape = Sentence(machine, $"another thread {what} of {machine.Name}");
        _escape ??= escape;
        throw new SimEscapeException(escape);
    }

    /// <summary>Called when something is posted to a machine from outside its loop. It does not throw: the other
    /// thread is not to blame.</summary>
    public void Post(SimMachine machine)
    {
        if (Thread.CurrentThread != _owner && !machine.IsOpen)
            _escape ??= Sentence(machine, $"another thread brought {machine.Name} the result of something awaited");
    }

    /// <summary>Called on the world's thread when something is handed to the thread pool.</summary>
    public void Pool()
    {
        if (Running is { } machine)
            _escape ??= Sentence(machine, $"{machine.Name} handed work to the thread pool");
    }

    public void ThrowIfEscaped()
    {
        if (_escape is { } escape)
            throw new SimEscapeException(escape);
    }

    private static string Sentence(SimMachine machine, string what) =>
        $"{what} at {machine.World.Now}: {Culprit.Find()}. A simulated machine stays on its loop: no Task.Run, no "
        + "ConfigureAwait(false), no timer but the host's, no input or output but its devices'.";
}
