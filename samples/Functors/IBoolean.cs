/// <summary>
/// A signature: truth values whose representation nobody but the module knows. OCaml's abstract type is a struct with a
/// private field.
/// </summary>
/// <typeparam name="TSelf">The module, and the type of its values.</typeparam>
internal interface IBoolean<TSelf> where TSelf : struct, IBoolean<TSelf>
{
    /// <summary>What holds.</summary>
    static abstract TSelf True { get; }

    /// <summary>What does not.</summary>
    static abstract TSelf False { get; }

    /// <summary>The one if <paramref name="condition"/> holds, the other if not.</summary>
    static abstract T If<T>(TSelf condition, T then, T otherwise);
}
