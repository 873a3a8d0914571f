namespace Mirage.Testing;

/// <summary>Something is held that should have been given back.</summary>
/// <param name="held">What.</param>
public sealed class LeakException(IReadOnlyList<Holding> held)
    : Exception($"Not given back: {string.Join("; ", held)}.")
{
    /// <summary>The entries that are not 0.</summary>
    public IReadOnlyList<Holding> Held { get; } = held;
}
