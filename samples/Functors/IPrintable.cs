/// <summary>A signature: values that have a text.</summary>
/// <typeparam name="T">The values.</typeparam>
internal interface IPrintable<T>
{
    /// <summary>The text of <paramref name="value"/>.</summary>
    static abstract string ToText(T value);
}
