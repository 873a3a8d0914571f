using System.Globalization;
using System.Reflection;

namespace Mirage.Storage;

/// <summary>Finds embedded files. The name of a resource says everything: <c>mirage-crunch/SET/TICKS/PATH</c>, ticks
/// of UTC.</summary>
internal static class CrunchResources
{
    private const string Prefix = "mirage-crunch";

    public static KvTree Load(Assembly assembly, string set)
    {
        var tree = new KvTree();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (TryParse(name, set, out var key, out var modified))
                tree.Add(key, ResourceMemory.Open(assembly, name), modified);
        }

        return tree;
    }

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
