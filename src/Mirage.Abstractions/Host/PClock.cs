namespace Mirage;

/// <summary>The time of day of the host.</summary>
public readonly struct PClock : IPClock<PClock>
{
    private readonly Host _host;

    private PClock(Host host) => _host = host;

    /// <inheritdoc/>
    public static Impl<PClock> Impl => Mirage.Impl.BootHost.Map(static host => new PClock(host));

    /// <inheritdoc/>
    public static DateTimeOffset Now(PClock clock) => clock._host.Loop.UtcNow;

    /// <inheritdoc/>
    public static TimeSpan? Period(PClock clock) => null;

    /// <inheritdoc/>
    public static TimeSpan? UtcOffset(PClock clock) => TimeSpan.Zero;
}
