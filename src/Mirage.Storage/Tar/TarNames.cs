namespace Mirage.Storage;

/// <summary>What the names of an archive take in memory, dictionaries included.</summary>
/// <param name="Count">How many names there are.</param>
/// <param name="Characters">The characters in them.</param>
internal readonly record struct TarNames(int Count, long Characters)
{
    /// <summary>How many characters the names of an archive may have.</summary>
    public const long CharactersMax = 1 << 26;

    /// <summary>With those that a node at <paramref name="key"/> adds to a tree.</summary>
    public TarNames With(KvTree tree, KvKey key)
    {
        var known = tree.Known(key);
        var characters = Characters;
        foreach (var name in key.Names.AsSpan()[known..])
            characters += name.Length;
        return new(Count + key.Names.Length - known, characters);
    }

    /// <summary>Whether an archive of at most <paramref name="countMax"/> names can be opened.</summary>
    public bool Fit(int countMax) => Count <= countMax && Characters <= CharactersMax;
}
