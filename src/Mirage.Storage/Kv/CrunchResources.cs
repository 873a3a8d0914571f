using System.Globalization;
using System.Reflection;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>Finds embedded files. The name of a resource says everything: <c>mirage-crunch/SET/TICKS/PATH</c>, ticks
/// of UTC.</summary>
internal static class CrunchResources
{
    private const string Prefix = "mirage-crunch";

    public static KvTree Load(Assembly assembly, string set)
    {
        var tree = KvTree.Empty;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (TryParse(name, set, out var key, out var modified))
                tree = Add(tree, key, new KvValue(ResourceMemory.Open(assembly, name), modified));
        }

        return tree;
    }

    /// <summary>The tree with one file more. Files have names of their own: anything else was not built as it
    /// should.</summary>
    public static KvTree Add(KvTree tree, KvKey key, KvValue file) =>
        tree.Exists(key) == Option<KvKind>.None && tree.With(key, file) is { } changed
            ? changed
            : throw new InvalidDataException($"Two embedded files cannot both be there: {key} is one of them.");

    /// <summary>Reads a resource's name; one that is not of <paramref name="set"/> is none of ours.</summary>
    public static bool TryParse(string name, string set, out KvKey key, out DateTimeOffset modified)
    {
        (key, modified) = (default, default);
        var parts = name.Split('/', 4);
        if (parts.Length < 4 || parts[0] != Prefix || parts[1] != set)
            return false;
        if (!KvKey.TryParse(parts[3], out key) || key.IsRoot)
            return false;
        if (!long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        modified = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }
}
