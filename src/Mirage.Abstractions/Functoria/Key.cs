namespace Mirage;

/// <summary>Makes keys.</summary>
public static class Key
{
    /// <summary>A key that has a default.</summary>
    /// <param name="name">The name on the command line without dashes, lower case words joined by dashes; MirageOS's where it has one.</param>
    /// <param name="fallback">The value when nothing is given.</param>
    /// <param name="doc">One sentence for <c>--help</c>.</param>
    public static Key<T> Optional<T>(string name, T fallback, string doc) where T : ISpanParsable<T> => new(name, fallback, doc);
}
