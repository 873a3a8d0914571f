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
            await Task.Yield();
        else
            await Task.Delay(duration, time._host.Time, cancellation);
    }
}
