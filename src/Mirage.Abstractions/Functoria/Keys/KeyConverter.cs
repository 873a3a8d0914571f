using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using LanguageExt;

namespace Mirage;

/// <summary>The converters of the usual types.</summary>
public static class KeyConverter
{
    /// <summary>Any text.</summary>
    public static KeyConverter<string> Text { get; } = new(
        static (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return true;
        },
        static value => value, "text", "TEXT");

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static KeyConverter<bool> Bool { get; } =
        new(bool.TryParse, static value => value ? "true" : "false", "true or false", "BOOL");

    /// <summary>Lengths of time, not negative: <c>500ms</c>, <c>10s</c>, <c>1.5m</c>, <c>1h</c>, <c>7d</c>.</summary>
    public static KeyConverter<TimeSpan> Duration =>
        new(DurationText.TryParse, DurationText.Print, "a duration, as 500ms, 10s, 2m or 1h", "DURATION");

    /// <summary>An address and a port: <c>10.0.0.2:80</c> or <c>[fd00::2]:80</c>.</summary>
    public static KeyConverter<Endpoint> Endpoint => new(EndpointText.TryParse, static value => value.ToString(),
        "an address and a port, as 10.0.0.2:80 or [fd00::2]:80", "ENDPOINT");

    /// <summary>The converter of a type that parses itself.</summary>
    public static KeyConverter<T> For<T>() where T : IParsable<T> =>
        (KeyConverter<T>)(Known<T>() ?? Parsable<T>($"a value of type {typeof(T).Name}", "VALUE"));

    /// <summary>Whole numbers in the range of their type.</summary>
    public static KeyConverter<T> Whole<T>() where T : IBinaryInteger<T>, IMinMaxValue<T> => new(
        static (string text, [MaybeNullWhen(false)] out T value) =>
            T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
        Print,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}"), "NUMBER");

    /// <summary>The members of an enumeration by their names, in lower case words joined by dashes.</summary>
    public static KeyConverter<T> Enum<T>() where T : struct, Enum =>
        OneOf([.. System.Enum.GetValues<T>().Distinct().Select(static value => (Dashed(value.ToString()), value))]);

    /// <summary>Values by name: Cmdliner's <c>enum</c>. A value without a name prints as the first one.</summary>
    public static KeyConverter<T> OneOf<T>(params (string Name, T Value)[] names)
    {
        ArgumentOutOfRangeException.ThrowIfZero(names.Length);
        return new(
            (string text, [MaybeNullWhen(false)] out T value) =>
            {
                var index = Array.FindIndex(names, pair => pair.Name == text);
                value = index < 0 ? default : names[index].Value;
                return index >= 0;
            },
            value =>
            {
                var index = Array.FindIndex(names, pair => EqualityComparer<T>.Default.Equals(pair.Value, value));
                return names[Math.Max(0, index)].Name;
            },
            Sentence.Or([.. names.Select(static pair => pair.Name)]), "CHOICE");
    }

    /// <summary>Values separated by commas; no value has a comma of its own. No text is no value.</summary>
    public static KeyConverter<IReadOnlyList<T>> List<T>(KeyConverter<T> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new(
            (string text, [MaybeNullWhen(false)] out IReadOnlyList<T> value) =>
            {
                var items = new List<T>();
                value = items;
                foreach (var part in text.Split(
                    ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    if (!item.TryParse(part, out var parsed))
                        return false;
                    items.Add(parsed);
                }

                return true;
            },
            value => string.Join(',', value.Select(item.Print)),
            $"values separated by commas, each {item.Expected}", item.Placeholder);
    }

    internal static KeyConverter<Option<T>> Maybe<T>(KeyConverter<T> item) => new(
        (text, out value) =>
        {
            var parsed = item.TryParse(text, out var some);
            value = parsed ? Option<T>.Some(some!) : Option<T>.None;
            return parsed;
        },
        value => value.Match(item.Print, static () => ""), item.Expected, item.Placeholder);

    // The type of a value is compared as a constant, so that a trimmed build keeps the converters in use and no others;
    // code for class arguments is shared, and is kept free of the value types by asking for those first.
    private static object? Known<T>()
    {
        if (!typeof(T).IsValueType)
            return typeof(T) == typeof(string) ? Text : null;
        if (typeof(T) == typeof(bool))
            return Bool;
        if (typeof(T) == typeof(TimeSpan))
            return Duration;
        if (typeof(T) == typeof(IpAddress))
            return Parsable<IpAddress>("an IP address, as 10.0.0.1 or fd00::1", "ADDRESS");
        if (typeof(T) == typeof(Cidr))
            return Parsable<Cidr>("an address with a prefix, as 10.0.0.2/24", "CIDR");
        if (typeof(T) == typeof(MacAddress))
            return Parsable<MacAddress>("a MAC address, as 02:00:00:00:00:01", "MAC");
        return KnownNumber<T>();
    }

    private static object? KnownNumber<T>()
    {
        if (typeof(T) == typeof(int))
            return Whole<int>();
        if (typeof(T) == typeof(long))
            return Whole<long>();
        if (typeof(T) == typeof(ushort))
            return Whole<ushort>();
        if (typeof(T) == typeof(byte))
            return Whole<byte>();
        if (typeof(T) == typeof(uint))
            return Whole<uint>();
        if (typeof(T) == typeof(ulong))
            return Whole<ulong>();
        return typeof(T) == typeof(double) ? Parsable<double>("a number, as 0.5", "NUMBER") : null;
    }

    private static KeyConverter<T> Parsable<T>(string expected, string placeholder) where T : IParsable<T> => new(
        static (string text, [MaybeNullWhen(false)] out T value) =>
            T.TryParse(text, CultureInfo.InvariantCulture, out value), Print, expected, placeholder);

    private static string Print<T>(T value) => value is IFormattable formattable
        ? formattable.ToString(null, CultureInfo.InvariantCulture)
        : value?.ToString() ?? "";

    private static string Dashed(string name) => string.Concat(name.Select(static (letter, at) =>
        at > 0 && char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
