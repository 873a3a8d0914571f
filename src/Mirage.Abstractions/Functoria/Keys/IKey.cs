using System.Diagnostics.CodeAnalysis;

namespace Mirage;

/// <summary>A key without the type of its value.</summary>
internal interface IKey : INode
{
    /// <summary>The name without the prefix of a group.</summary>
    string Name { get; }

    /// <summary>The group that the key was put in, or null for that of the device which asks for it.</summary>
    string? Group { get; }

    KeyKind Kind { get; }

    Stage Stage { get; }

    string Section { get; }

    string Doc { get; }

    string Placeholder { get; }

    string Expected { get; }

    /// <summary>The printed default; null when there is none.</summary>
    string? Fallback { get; }

    /// <summary>What the name alone means, where a value is optional: <c>true</c> for a flag.</summary>
    string? Implied { get; }

    /// <summary>Whether this is one of the boot's own keys, which only the command line sets.</summary>
    bool IsCommand { get; }

    Type ValueType { get; }

    /// <summary>The default; to be asked only where <see cref="Fallback"/> is not null.</summary>
    object FallbackValue { get; }

    bool TryParse(string text, [NotNullWhen(true)] out object? value);
}
