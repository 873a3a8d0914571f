namespace Mirage.Tidy;

/// <summary>A place that breaks a rule.</summary>
internal readonly record struct Finding(SourceFile File, int Line, string Message)
{
    public override string ToString() => $"{File.Path}:{Line}: {Message}";
}
