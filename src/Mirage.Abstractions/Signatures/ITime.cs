namespace Mirage;

/// <summary>Waiting: MirageOS's TIME.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface ITime<TSelf> : IDevice<TSelf> where TSelf : struct, ITime<TSelf>
{
    /// <summary>Completes once <paramref name="duration"/> has passed, never earlier. Zero and less lets others run
    /// once.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first; no timer is
    /// left.</exception>
    static abstract ValueTask Sleep(TSelf time, TimeSpan duration, CancellationToken cancellation = default);
}
