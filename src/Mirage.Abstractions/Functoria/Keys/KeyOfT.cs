using System.Diagnostics.CodeAnalysis;

namespace Mirage;

/// <summary>A parameter of a boot, known before any device is connected.</summary>
/// <remarks>
/// The value comes from, first to last: the argument <c>--name=value</c>, the environment variable <c>MIRAGE_NAME</c>,
/// a <c>MirageKey</c> item of the project, the default. A key in the <see cref="IDevice{TSelf}.Impl"/> of a device that
/// has a group gets the group's name before its own. Two keys of one name are one key if all that was declared of them
/// is equal, and a start-up error otherwise.
/// </remarks>
/// <typeparam name="T">The value.</typeparam>
public sealed class Key<T> : Impl<T>, IKey
{
    private readonly KeyConverter<T> _converter;
    private readonly KeyTraits<T> _traits;
    private readonly string _name;
    private readonly string? _group;

    internal Key(string name, KeyConverter<T> converter, KeyTraits<T> traits, string? group = null) =>
        (_name, _converter, _traits, _group) = (name, converter, traits, group);

    /// <inheritdoc/>
    public override string Label => _name;

    /// <inheritdoc/>
    public override IReadOnlyList<INode> Needs => [];

    string IKey.Name => _name;

    string? IKey.Group => _group;

    KeyKind IKey.Kind => _traits.Kind;

    Stage IKey.Stage => _traits.Stage;

    string IKey.Section => _traits.Section;

    string IKey.Doc => _traits.Doc;

    string IKey.Placeholder => _converter.Placeholder;

    string IKey.Expected => _converter.Expected;

    string? IKey.Fallback => _traits.Kind is KeyKind.Required ? null : _converter.Print(_traits.Fallback!);

    string? IKey.Implied => _traits.Implied;

    bool IKey.IsCommand => _traits.IsCommand;

    Type IKey.ValueType => typeof(T);

    object IKey.FallbackValue => _traits.Fallback!;

    /// <summary>The same key in another group than that of the device which asks for it; empty for none.</summary>
    public Key<T> In(string group) => new(_name, _converter, _traits, group);

    bool IKey.TryParse(string text, [NotNullWhen(true)] out object? value)
    {
        value = _converter.TryParse(text, out var parsed) ? parsed : null;
        return value is not null;
    }

    internal override ValueTask<T> Make(Connector connector) => new((T)connector.Setting(this));
}
