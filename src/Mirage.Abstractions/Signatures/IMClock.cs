namespace Mirage;

/// <summary>Time passing: MirageOS's MCLOCK. It never goes back and is not set.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IMClock<TSelf> : IDevice<TSelf> where TSelf : struct, IMClock<TSelf>
{
    /// <summary>Nanoseconds since an arbitrary origin that stays the same for the boot.</summary>
    static abstract long ElapsedNs(TSelf clock);

    /// <summary>How far apart two readings can at least be told, in nanoseconds, or null when that is not
    /// known.</summary>
    static abstract long? PeriodNs(TSelf clock);
}
