namespace Mirage.Storage;

/// <summary>The store that an archive's entries make, one after another. What cannot be in a store is left out and
/// counted.</summary>
/// <remarks>
/// A later value takes the place of an earlier one. Left out are names that lead out of the store, that are none or
/// too long; links but hard links to values before them, devices, and files in pieces; and what would make a dictionary
/// of a value or a value of a dictionary.</remarks>
/// <param name="nodesMax">How many names there may be.</param>
internal sealed class TarIndex(int nodesMax = TarIndex.NodesMax)
{
    /// <summary>How many names an archive may have.</summary>
    public const int NodesMax = 1 << 18;

    /// <summary>The longest path, characters.</summary>
    public const int PathMax = 4096;

    private const int ExamplesMax = 4;

    private readonly List<string> _examples = [];

    /// <summary>What is in the store so far.</summary>
    public KvTree Tree { get; private set; } = KvTree.Empty;

    /// <summary>The names in the store so far.</summary>
    public TarNames Names { get; private set; }

    /// <summary>How many entries were left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The first ones that were left out, and why.</summary>
    public string Examples => string.Join("; ", _examples);

    /// <summary>Takes an entry; says which limit it exceeds, null for none.</summary>
    public string? Add(TarEntry entry)
    {
        if (Key(entry.Path, out var key) is { } bad)
            return LeaveOut(entry, bad);
        var isDirectory = IsDirectory(entry);
        if (!isDirectory && Refusal(entry) is { } refusal)
            return LeaveOut(entry, refusal);
        if (isDirectory)
            return Place(entry, key, KvDictionary.Empty);
        if (entry.Type is not TarType.HardLink)
            return Place(entry, key, new TarValue(entry.Offset, entry.Size, entry.Modified));
        return Key(entry.LinkPath, out var target) is null && Tree.Node(target, out _) is TarValue linked
            ? Place(entry, key, linked)
            : LeaveOut(entry, "a link to what is not there");
    }

    // An old archive says by a slash alone that a file is a directory.
    private static bool IsDirectory(TarEntry entry) => entry.Type is TarType.Directory
        || (entry.Type is TarType.File or TarType.OldFile && entry.Path!.EndsWith('/'));

    private static string? Refusal(TarEntry entry) => entry.IsSparse
        ? "a file in pieces"
        : entry.Type is TarType.File or TarType.OldFile or TarType.Contiguous or TarType.HardLink
            ? null
            : $"an entry of type {(int)entry.Type}";

    // What is wrong with a path; null for nothing.
    private static string? Key(string? path, out KvKey key)
    {
        key = default;
        if (path is null || path.Contains('\0', StringComparison.Ordinal))
            return "a name that is no text";
        if (path.Length > PathMax)
            return $"a name of more than {PathMax} characters";
        if (path.StartsWith('/'))
            return "an absolute name";
        var names = path.Split('/').Where(static name => name is not "" and not ".");
        return KvKey.TryParse(string.Join('/', names), out key) ? null : "a name that leads elsewhere";
    }

    private string? Place(TarEntry entry, KvKey key, KvNode node)
    {
        var there = Tree.Node(key, out var isBelowValue)?.Kind;
        if (isBelowValue || (there is { } kind && kind != node.Kind) || (key.IsRoot && node.Kind is KvKind.Value))
            return LeaveOut(entry, "it would make a value of a dictionary, or a dictionary of a value");
        if (there is KvKind.Dictionary)
            return null;
        Names = Names.With(Tree, key);
        if (!Names.Fit(nodesMax))
            return $"more than {nodesMax} names, or {TarNames.CharactersMax} characters in names";
        Tree = Tree.With(key, node)!;
        return null;
    }

    private string? LeaveOut(TarEntry entry, string reason)
    {
        LeftOut++;
        if (_examples.Count < ExamplesMax)
            _examples.Add($"{Shortened(entry.Path)}: {reason}");
        return null;
    }

    private static string Shortened(string? path)
    {
        const int Most = 80;
        var shown = path is null ? "?" : path.Length <= Most ? path : path[..Most] + "…";
        return string.Concat(shown.Select(static letter => char.IsControl(letter) ? '?' : letter));
    }
}
