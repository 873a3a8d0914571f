namespace Mirage;

/// <summary>A unikernel without work: MirageOS's <c>noop</c>, the empty list of jobs.</summary>
public readonly struct Noop : IUnikernel<Noop>
{
    /// <inheritdoc/>
    public static Impl<Noop> Impl => Mirage.Impl.Pure(default(Noop));

    /// <inheritdoc/>
    public static ValueTask Start(Noop unikernel, CancellationToken stop) => ValueTask.CompletedTask;
}
