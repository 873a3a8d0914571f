namespace Mirage.Unix;

/// <summary>The key of stores in directories.</summary>
internal static class FilesKey
{
    /// <summary>Names the directory.</summary>
    public static Key<string> Directory { get; } = Key.Optional("files", KeyConverter.Text, "files",
        "The directory that holds the files.");
}
