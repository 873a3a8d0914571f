namespace Mirage.Fuzz;

/// <summary>Where inputs are kept: the corpus in the repository, and finds beside it, which are not.</summary>
internal static class FuzzFolder
{
    private static readonly Lazy<string> s_root = new(FindRoot);

    /// <summary>The inputs that are kept for a target, by name.</summary>
    public static IReadOnlyList<(string Name, byte[] Input)> Corpus(string target)
    {
        var folder = Path.Combine(s_root.Value, "corpus", target);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)
                .Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file)))]
            : [];
    }

    /// <summary>Targets that have a corpus.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(Path.Combine(s_root.Value, "corpus")).Select(Path.GetFileName)!;

    /// <summary>Writes the input of a find, and what is known of it beside it.</summary>
    public static void Save(Find find)
    {
        var folder = Directory.CreateDirectory(Path.Combine(s_root.Value, "finds", find.Target)).FullName;
        File.WriteAllBytes(Path.Combine(folder, find.FileName), find.Input);
        File.WriteAllText(
            Path.Combine(folder, Path.ChangeExtension(find.FileName, "txt")), $"{find}\n\n{find.Error}\n");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mirage.sln")))
            folder = Path.GetDirectoryName(folder) ??
                throw new InvalidOperationException("Not below a folder with Mirage.sln.");
        return Path.Combine(folder, "tests", "Fuzz");
    }
}
