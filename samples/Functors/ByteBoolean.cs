/// <summary>A module with that signature. That it keeps a byte is its own affair: the field is private.</summary>
internal readonly struct ByteBoolean : IBoolean<ByteBoolean>
{
    private readonly byte _value;

    private ByteBoolean(byte value) => _value = value;

    /// <inheritdoc/>
    public static ByteBoolean True => new(1);

    /// <inheritdoc/>
    public static ByteBoolean False => new(0);

    /// <inheritdoc/>
    public static T If<T>(ByteBoolean condition, T then, T otherwise) => condition._value != 0 ? then : otherwise;
}
