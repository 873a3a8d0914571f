/// <summary>A functor: whatever the booleans are, this prints them. It knows them by their signature alone.</summary>
/// <typeparam name="TBoolean">The booleans.</typeparam>
internal readonly struct BooleanText<TBoolean> : IPrintable<TBoolean> where TBoolean : struct, IBoolean<TBoolean>
{
    /// <inheritdoc/>
    public static string ToText(TBoolean value) => TBoolean.If(value, "true", "false");
}
