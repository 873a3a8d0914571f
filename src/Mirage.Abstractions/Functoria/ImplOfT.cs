namespace Mirage;

/// <summary>An implementation of <typeparamref name="T"/> that is not made yet: Functoria's <c>'a impl</c>.</summary>
/// <typeparam name="T">What running the value gives.</typeparam>
public abstract class Impl<T> : INode
{
    private protected Impl() { }

    /// <inheritdoc/>
    public abstract string? Label { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<INode> Needs { get; }

    /// <summary>Applies a pure function to what this gives.</summary>
    public Impl<TResult> Map<TResult>(Func<T, TResult> make) =>
        new Application<TResult>([this], async connector => make(await Make(connector)));

    internal abstract ValueTask<T> Make(Connector connector);
}
