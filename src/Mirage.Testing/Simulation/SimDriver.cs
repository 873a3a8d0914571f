namespace Mirage.Testing;

/// <summary>Virtual time: waiting for a timer is going to where it is due.</summary>
internal sealed class SimDriver : LoopDriver
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly object _gate = new();
    private bool _woken;
    private long _nowNs;

    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(10);

    public override long NowNs => _nowNs;

    public override DateTimeOffset UtcNow => s_epoch.AddTicks(_nowNs / 100);

    public override void Wait(long deadlineNs)
    {
        if (deadlineNs < long.MaxValue)
            _nowNs = Math.Max(_nowNs, deadlineNs);
        else
            AwaitThread();
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
