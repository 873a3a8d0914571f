namespace Mirage;

/// <summary>What is declared of a key besides its name and how its values are written.</summary>
internal sealed record KeyTraits<T>(KeyKind Kind, string Doc, Stage Stage, string Section, T? Fallback = default)
{
    /// <inheritdoc cref="IKey.Implied"/>
    public string? Implied { get; init; }

    /// <inheritdoc cref="IKey.IsCommand"/>
    public bool IsCommand { get; init; }
}
