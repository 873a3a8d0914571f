namespace Mirage;

/// <summary>The time of day: MirageOS's PCLOCK. It may step in either direction.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IPClock<TSelf> : IDevice<TSelf> where TSelf : struct, IPClock<TSelf>
{
    /// <summary>The time of day, in UTC.</summary>
    static abstract DateTimeOffset Now(TSelf clock);

    /// <summary>How far apart two readings can at least be told, or null when that is not known.</summary>
    static abstract TimeSpan? Period(TSelf clock);

    /// <summary>What local time adds to UTC, or null when that is not known.</summary>
    static abstract TimeSpan? UtcOffset(TSelf clock);
}
