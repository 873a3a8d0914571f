namespace Mirage.Testing.Tests;

/// <summary>A clock whose battery is empty: it shows the first second of 1970.</summary>
public readonly struct EpochClock : IPClock<EpochClock>
{
    public static Impl<EpochClock> Impl => Mirage.Impl.BootHost.Map(static _ => new EpochClock());

    public static DateTimeOffset Now(EpochClock clock) => DateTimeOffset.UnixEpoch;

    public static TimeSpan? UtcOffset(EpochClock clock) => null;

    public static TimeSpan? Period(EpochClock clock) => null;
}
