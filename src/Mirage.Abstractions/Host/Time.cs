namespace Mirage;

/// <summary>Waiting, by the host's timers.</summary>
public readonly struct Time : ITime<Time>
{
    private readonly Host _host;

    private Time(Host host) => _host = host;

    /// <inheritdoc/>
    public static Impl<Time> Impl => Mirage.Impl.BootHost.Map(static host => new Time(host));

    /// <inheritdoc/>
    public static async ValueTask Sleep(Time time, TimeSpan duration, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (duration <= TimeSpan.Zero)
        {
            await Task.Yield();
            return;
        }

        // Task.Delay counts in milliseconds, and 49 days of them at most.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = time._host.Time.CreateTimer(
            static ended => ((TaskCompletionSource)ended!).TrySetResult(), ended, duration, Timeout.InfiniteTimeSpan);
        using var registration = cancellation.UnsafeRegister(
            static (ended, token) => ((TaskCompletionSource)ended!).TrySetCanceled(token), ended);
        await ended.Task;
    }
}
