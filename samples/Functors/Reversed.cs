/// <summary>A functor from an ordering to an ordering.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <typeparam name="TOrdering">The order to turn round.</typeparam>
internal readonly struct Reversed<T, TOrdering> : IOrdering<T> where TOrdering : struct, IOrdering<T>
{
    /// <inheritdoc/>
    public static bool IsBefore(T left, T right) => TOrdering.IsBefore(right, left);
}
