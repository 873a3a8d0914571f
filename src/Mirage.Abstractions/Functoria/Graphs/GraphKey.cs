namespace Mirage;

/// <summary>A key in a folded graph: one for each name.</summary>
internal sealed class GraphKey(IKey key, string group) : GraphNode
{
    public IKey Key => key;

    /// <summary>The name with the prefix of its group.</summary>
    public string Name { get; } = NameOf(key, group);

    /// <summary>The heading in help.</summary>
    public string Section { get; } = group.Length == 0 ? key.Section : $"{group.ToUpperInvariant()} {key.Section}";

    /// <summary>Whether the command line and the environment may set it.</summary>
    public bool IsArgument => key.Stage is not Stage.Configure;

    /// <summary>The environment variable that stands in for the argument.</summary>
    public string Variable { get; } = $"MIRAGE_{NameOf(key, group).ToUpperInvariant().Replace('-', '_')}";

    /// <summary>How it is given as an argument.</summary>
    public string Usage => key.Implied is null ? $"--{Name}={key.Placeholder}"
        : key.Kind is KeyKind.Flag && key.ValueType == typeof(bool) ? $"--{Name}" : $"--{Name}[={key.Expected}]";

    public static string NameOf(IKey key, string group) =>
        (key.Group ?? group) is { Length: > 0 } prefix ? $"{prefix}-{key.Name}" : key.Name;

    /// <summary>What another declaration says otherwise, in words; null when both declare the same.</summary>
    public string? DifferenceTo(IKey other) => (key, other) switch
    {
        _ when ReferenceEquals(key, other) => null,
        _ when key.ValueType != other.ValueType || key.Expected != other.Expected =>
            $"as {key.Expected} and as {other.Expected}",
        _ when key.Kind != other.Kind || key.Implied != other.Implied => $"as {Word(key)} and as {Word(other)}",
        _ when key.Fallback != other.Fallback => $"with the default '{key.Fallback}' and with '{other.Fallback}'",
        _ when key.Stage != other.Stage => $"for stage {key.Stage} and for stage {other.Stage}",
        _ when key.Section != other.Section => $"in section {key.Section} and in section {other.Section}",
        _ when key.Doc != other.Doc => $"with the text '{key.Doc}' and with '{other.Doc}'",
        _ => null,
    };

    private static string Word(IKey key) => key.Kind switch
    {
        KeyKind.Required => "a required key",
        KeyKind.Flag => "a flag",
        KeyKind.Repeated => "a repeated key",
        _ => "an optional key",
    };
}
