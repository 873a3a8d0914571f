namespace Mirage.Tidy;

/// <summary>A file of the repository, by its path from the root with forward slashes.</summary>
internal sealed class SourceFile(string path, string text)
{
    private string? _code;

    public string Path => path;

    public string Text => text;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(path);

    public string Folder => System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/');

    public string[] Lines { get; } = text.TrimEnd('\n').Split('\n');

    /// <summary>The text with every comment and every literal blanked, so that lines and columns stay where they
    /// are.</summary>
    public string Code => _code ??= CSharpText.Blank(text);

    /// <summary>The number, from 1, of the line that <paramref name="position"/> of the text is in.</summary>
    public int LineAt(int position) => 1 + text.AsSpan(0, position).Count('\n');

    public Finding At(int position, string message) => new(this, LineAt(position), message);
}
