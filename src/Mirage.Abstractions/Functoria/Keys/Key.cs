using LanguageExt;

namespace Mirage;

/// <summary>Makes keys.</summary>
/// <remarks>
/// Parameters that all of them have: <c>name</c>, lower case words joined by dashes, MirageOS's where it has one;
/// <c>doc</c>, one sentence for <c>--help</c>; <c>stage</c>; and <c>section</c>, the heading in help, in capitals.
/// </remarks>
public static class Key
{
    /// <summary>The section of keys that name none.</summary>
    public const string DefaultSection = "UNIKERNEL";

    /// <summary>A key that has a default: <c>--port=80</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="fallback">The value when nothing is given.</param>
    /// <param name="doc">What it is for.</param>
    /// <param name="stage">When it is given.</param>
    /// <param name="section">The heading in help.</param>
    public static Key<T> Optional<T>(
        string name, T fallback, string doc, Stage stage = Stage.Both, string section = DefaultSection)
        where T : IParsable<T> =>
        Optional(name, KeyConverter.For<T>(), fallback, doc, stage, section);

    /// <summary>A key that has a default and is written as <paramref name="converter"/> says.</summary>
    public static Key<T> Optional<T>(string name, KeyConverter<T> converter, T fallback, string doc,
        Stage stage = Stage.Both, string section = DefaultSection) =>
        new(name, converter, new(KeyKind.Optional, doc, stage, section, fallback));

    /// <summary>A key whose default is no value.</summary>
    public static Key<Option<T>> Maybe<T>(
        string name, string doc, Stage stage = Stage.Both, string section = DefaultSection)
        where T : IParsable<T> =>
        Maybe(name, KeyConverter.For<T>(), doc, stage, section);

    /// <summary>A key whose default is no value, and which is written as <paramref name="converter"/> says.</summary>
    public static Key<Option<T>> Maybe<T>(
        string name, KeyConverter<T> converter, string doc,
        Stage stage = Stage.Both, string section = DefaultSection) =>
        new(name, KeyConverter.Maybe(converter), new(KeyKind.Optional, doc, stage, section, Option<T>.None));

    /// <summary>A key that must be given, except where only a branch that is not taken needs it.</summary>
    public static Key<T> Required<T>(
        string name, string doc, Stage stage = Stage.Both, string section = DefaultSection)
        where T : IParsable<T> =>
        Required(name, KeyConverter.For<T>(), doc, stage, section);

    /// <summary>A key that must be given and is written as <paramref name="converter"/> says.</summary>
    public static Key<T> Required<T>(
        string name, KeyConverter<T> converter, string doc,
        Stage stage = Stage.Both, string section = DefaultSection) =>
        new(name, converter, new(KeyKind.Required, doc, stage, section));

    /// <summary>
    /// A key that is false unless it is given: <c>--verbose</c>. What the build switched on, <c>--verbose=false</c>
    /// switches off.
    /// </summary>
    public static Key<bool> Flag(string name, string doc, Stage stage = Stage.Both, string section = DefaultSection) =>
        new(name, KeyConverter.Bool, new(KeyKind.Flag, doc, stage, section) { Implied = "true" });

    /// <summary>
    /// A key that is given any number of times: <c>--dns-servers=10.0.0.1 --dns-servers=10.0.0.2</c>, or with commas in
    /// one, as in the environment and the build.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="doc">What it is for.</param>
    /// <param name="fallback">The values when nothing is given; null is none.</param>
    /// <param name="stage">When it is given.</param>
    /// <param name="section">The heading in help.</param>
    public static Key<IReadOnlyList<T>> Repeated<T>(string name, string doc, IReadOnlyList<T>? fallback = null,
        Stage stage = Stage.Both, string section = DefaultSection) where T : IParsable<T> =>
        Repeated(name, KeyConverter.For<T>(), doc, fallback, stage, section);

    /// <summary>A key that is given any number of times, each written as <paramref name="converter"/> says.</summary>
    public static Key<IReadOnlyList<T>> Repeated<T>(string name, KeyConverter<T> converter, string doc,
        IReadOnlyList<T>? fallback = null, Stage stage = Stage.Both, string section = DefaultSection) =>
        new(name, KeyConverter.List(converter), new(KeyKind.Repeated, doc, stage, section, fallback ?? []));
}
