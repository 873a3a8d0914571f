/// <summary>The usual order of numbers.</summary>
internal readonly struct Ascending : IOrdering<int>
{
    /// <inheritdoc/>
    public static bool IsBefore(int left, int right) => left < right;
}
