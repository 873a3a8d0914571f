namespace Mirage.Testing;

/// <summary>How often each kind of fault was done, and each mark that a scenario set was passed.</summary>
public sealed class SimTally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Everything counted, by name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>All counts together.</summary>
    public long Total => _counts.Values.Sum();

    /// <summary>How often <paramref name="name"/> was counted.</summary>
    public long this[string name] => _counts.GetValueOrDefault(name);

    /// <summary>Counts one.</summary>
    public void Add(string name, long count = 1) => _counts[name] = this[name] + count;

    /// <summary>Adds what another one counted.</summary>
    public void Add(SimTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (name, count) in other.Counts)
            Add(name, count);
    }
}
