namespace Mirage;

/// <summary>A range of names in ordinal order; <c>default</c> has them all.</summary>
public readonly record struct KvRange
{
    /// <summary>The least name, itself included; null for the first there is. It need not be a name that a key can
    /// have.</summary>
    public string? From { get; init; }

    /// <summary>Where the names end, itself excluded; null for the last there is.</summary>
    public string? To { get; init; }

    /// <summary>How many names at most; null for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int? Max
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(Max));
            field = value;
        }
    }

    /// <summary>What follows a name: the next page, when <paramref name="last"/> was the last one of this.</summary>
    public KvRange After(string last) => this with { From = last + '\0' }; // No name has a NUL: nothing is between.

    /// <summary>Whether a name lies between the ends.</summary>
    public bool Contains(string name) =>
        (From is null || string.CompareOrdinal(name, From) >= 0) && (To is null || string.CompareOrdinal(name, To) < 0);

    /// <summary>Of children in ordinal order, those of the range.</summary>
    public IReadOnlyList<(KvKey Key, KvKind Kind)> Of(IReadOnlyList<(KvKey Key, KvKind Kind)> children)
    {
        var range = this;
        return [.. children.Where(child => range.Contains(child.Key.Basename)).Take(Max ?? int.MaxValue)];
    }
}
