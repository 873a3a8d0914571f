/// <summary>A signature: values that can be put in order.</summary>
/// <typeparam name="T">The values.</typeparam>
internal interface IOrdering<T>
{
    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    static abstract bool IsBefore(T left, T right);
}
