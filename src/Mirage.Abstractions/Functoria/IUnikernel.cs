namespace Mirage;

/// <summary>The entry point that a boot starts once every device it needs is connected.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IUnikernel<TSelf> : IDevice<TSelf> where TSelf : IUnikernel<TSelf>
{
    /// <summary>
    /// Runs the unikernel. It is done when the task completes. <paramref name="stop"/> asks it to end within
    /// <see cref="Boot.StopLimit"/>, which it may do by <see cref="OperationCanceledException"/>.
    /// </summary>
    static abstract ValueTask Start(TSelf unikernel, CancellationToken stop);
}
