using System.Collections.Immutable;

namespace Mirage;

/// <summary>A path in a store: a list of non-empty names. <c>default</c> is the root.</summary>
/// <remarks>A name has no <c>/</c> and no NUL and is neither <c>.</c> nor <c>..</c>, so that no key leads out of its
/// store.</remarks>
public readonly struct KvKey : IEquatable<KvKey>, IComparable<KvKey>
{
    private readonly ImmutableArray<string> _names;

    private KvKey(ImmutableArray<string> names) => _names = names;

    /// <summary>The dictionary that holds all others.</summary>
    public static KvKey Root => default;

    /// <summary>The names from the root on.</summary>
    public ImmutableArray<string> Names => _names.IsDefault ? [] : _names;

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => Names.IsEmpty;

    /// <summary>The last name; empty for the root.</summary>
    public string Basename => IsRoot ? "" : Names[^1];

    /// <summary>The dictionary that holds this key; the root holds itself.</summary>
    public KvKey Parent => IsRoot ? this : new(Names.RemoveAt(Names.Length - 1));

    /// <summary>The key that <paramref name="text"/> names: <c>/a/b</c>, <c>a/b</c> and <c>a//b</c> are one.</summary>
    /// <exception cref="FormatException">A name is <c>.</c>, <c>..</c> or has a NUL.</exception>
    public static KvKey Parse(string text) => TryParse(text, out var key)
        ? key
        : throw new FormatException($"'{text}' is no key: its names must not be '.' or '..' or hold a NUL.");

    /// <summary>The key that <paramref name="text"/> names, and whether it names one.</summary>
    public static bool TryParse(string text, out KvKey key)
    {
        ArgumentNullException.ThrowIfNull(text);
        var names = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        key = new([.. names]);
        return Array.TrueForAll(names, IsName);
    }

    /// <summary>The key of that name below this one.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> cannot be a name.</exception>
    public static KvKey operator /(KvKey key, string name) => key.Add(name);

    /// <inheritdoc cref="op_Division(KvKey, string)"/>
    public KvKey Add(string name) => IsName(name)
        ? new(Names.Add(name))
        : throw new ArgumentException($"'{name}' cannot be the name of a key.", nameof(name));

    /// <summary>Whether <paramref name="other"/> is this key or lies below it.</summary>
    public bool IsPrefixOf(KvKey other) =>
        other.Names.Length >= Names.Length && other.Names.AsSpan()[..Names.Length].SequenceEqual(Names.AsSpan());

    /// <inheritdoc/>
    public bool Equals(KvKey other) => Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is KvKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Orders by names, ordinally, a dictionary before what it holds.</summary>
    public int CompareTo(KvKey other)
    {
        for (var index = 0; index < Math.Min(Names.Length, other.Names.Length); index++)
        {
            var order = string.CompareOrdinal(Names[index], other.Names[index]);
            if (order != 0)
                return order;
        }

        return Names.Length - other.Names.Length;
    }

    /// <summary>The names, each after a slash; <c>/</c> for the root.</summary>
    public override string ToString() => "/" + string.Join('/', Names);

    /// <summary>Equality of names.</summary>
    public static bool operator ==(KvKey left, KvKey right) => left.Equals(right);

    /// <summary>Inequality of names.</summary>
    public static bool operator !=(KvKey left, KvKey right) => !left.Equals(right);

    /// <summary>Order of names.</summary>
    public static bool operator <(KvKey left, KvKey right) => left.CompareTo(right) < 0;

    /// <summary>Order of names.</summary>
    public static bool operator <=(KvKey left, KvKey right) => left.CompareTo(right) <= 0;

    /// <summary>Order of names.</summary>
    public static bool operator >(KvKey left, KvKey right) => left.CompareTo(right) > 0;

    /// <summary>Order of names.</summary>
    public static bool operator >=(KvKey left, KvKey right) => left.CompareTo(right) >= 0;

    private static bool IsName(string name) =>
        name is { Length: > 0 } and not "." and not ".." && name.AsSpan().IndexOfAny('/', '\0') < 0;
}
