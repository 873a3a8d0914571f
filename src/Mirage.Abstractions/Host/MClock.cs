namespace Mirage;

/// <summary>The monotonic clock of the host.</summary>
public readonly struct MClock : IMClock<MClock>
{
    private readonly EventLoop _loop;

    private MClock(EventLoop loop) => _loop = loop;

    /// <inheritdoc/>
    public static Impl<MClock> Impl => Mirage.Impl.BootHost.Map(static host => new MClock(host.Loop));

    /// <inheritdoc/>
    public static long ElapsedNs(MClock clock) => clock._loop.NowNs;

    /// <inheritdoc/>
    public static long? PeriodNs(MClock clock) => null;
}
