namespace Mirage.Testing;

/// <summary>Virtual time: waiting for a timer is going to where it is due.</summary>
internal sealed class SimDriver : LoopDriver
{
    /// <summary>Iterations in which virtual time may stand: more are a program that goes on for ever.</summary>
    public const int MaxIterationsAtAnInstant = 1_000_000;

    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly object _gate = new();
    private bool _woken;
    private long _nowNs;
    private int _iterations;

    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(10);

    public override long NowNs => _nowNs;

    public override DateTimeOffset UtcNow => s_epoch.AddTicks(_nowNs / 100);

    public override void Wait(long deadlineNs)
    {
        if (deadlineNs == long.MaxValue)
        {
            AwaitThread();
            _iterations = 0;
        }
        else if (deadlineNs > _nowNs)
        {
            (_nowNs, _iterations) = (deadlineNs, 0);
        }
        else if (++_iterations > MaxIterationsAtAnInstant)
        {
            throw new InvalidOperationException(
                $"Virtual time stands: after {MaxIterationsAtAnInstant} iterations of the loop at one instant there " +
                "is still work. Something goes on for ever without a wait.");
        }
    }

    public override void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    // No timer is armed: only another thread can still bring work.
    private void AwaitThread()
    {
        lock (_gate)
        {
            if (!_woken && !Monitor.Wait(_gate, Stall))
                throw new InvalidOperationException(
                    "The simulation is stalled: nothing is ready, no timer is armed and the main task is not done.");
            _woken = false;
        }
    }
}
