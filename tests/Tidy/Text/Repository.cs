namespace Mirage.Tidy;

/// <summary>The files of the repository that this assembly was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that has Mirage.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly HashSet<string> s_generated =
        ["bin", "obj", "artifacts", ".git", ".vs", ".vscode", "TestResults", "BenchmarkDotNet.Artifacts",
        "finds"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> s_files = new(() => [.. Read(Root)]);

    /// <summary>Every text file that a person keeps.</summary>
    public static IReadOnlyList<SourceFile> Files => s_files.Value;

    /// <summary>The C# files below the given folders.</summary>
    public static IEnumerable<SourceFile> CSharp(params string[] folders) => Files.Where(file =>
        file.Path.EndsWith(".cs", StringComparison.Ordinal) &&
        folders.Any(folder => file.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    public static bool Exists(string path) =>
        File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<SourceFile> Read(string folder)
    {
        foreach (var path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            if (!s_generated.Contains(Path.GetFileName(path)) && IsText(path))
                yield return new(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path));
        }

        foreach (var child in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (s_generated.Contains(Path.GetFileName(child)))
                continue;
            foreach (var file in Read(child))
                yield return file;
        }
    }

    private static bool IsText(string path)
    {
        Span<byte> start = stackalloc byte[512];
        using var file = File.OpenRead(path);
        return start[..file.Read(start)].IndexOf((byte)0) < 0;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mirage.sln")))
            folder = Path.GetDirectoryName(folder) ??
                throw new InvalidOperationException("Not below a folder with Mirage.sln.");
        return folder;
    }
}
