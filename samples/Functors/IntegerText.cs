using System.Globalization;

/// <summary>Another module of the same signature, for numbers.</summary>
internal readonly struct IntegerText : IPrintable<int>
{
    /// <inheritdoc/>
    public static string ToText(int value) => value.ToString(CultureInfo.InvariantCulture);
}
