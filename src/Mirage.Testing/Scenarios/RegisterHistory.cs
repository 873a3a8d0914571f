using System.Globalization;

namespace Mirage.Testing;

/// <summary>What clients saw of one register, and whether it can have been one: linearisability, where every value is
/// written once.</summary>
/// <remarks>
/// Gibbons and Korach, 'Testing shared memories', 1997: with values that differ, it is enough to look at the zone of
/// each value, from the first end of an operation on it to the last beginning of one. Where the first end comes first
/// the value was held in all of the zone, so no two such zones overlap and no other value has its zone wholly inside.
/// </remarks>
public sealed class RegisterHistory
{
    private const string Initial = ""; // No writer writes it: values of writers are not empty.
    private readonly Dictionary<string, Cluster> _clusters = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    /// <summary>A write begins. Until <see cref="EndWrite"/>, which may never come, it may have happened or
    /// not.</summary>
    /// <exception cref="ArgumentException">The value was written before, or is empty.</exception>
    public void BeginWrite(string value, TimeSpan at)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        var cluster = Find(value);
        if (cluster.WriteBegan is not null)
            throw new ArgumentException($"'{value}' was written before: let every value be another.", nameof(value));
        cluster.WriteBegan = at;
        cluster.Began(at);
        Operations++;
    }

    /// <summary>The write was acknowledged.</summary>
    /// <exception cref="ArgumentException">The write did not begin, or not before that time, or the value is
    /// empty.</exception>
    public void EndWrite(string value, TimeSpan at)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (!_clusters.TryGetValue(value, out var cluster) || cluster.WriteBegan is not { } began)
            throw new ArgumentException($"The write of '{value}' did not begin.", nameof(value));
        if (at < began)
            throw new ArgumentException($"The write of '{value}' began at {began}, after {at}.", nameof(at));
        cluster.Ended(at);
    }

    /// <summary>A read that was answered: null when there was nothing.</summary>
    /// <exception cref="ArgumentException">The read ended before it began.</exception>
    public void Read(string? value, TimeSpan began, TimeSpan ended)
    {
        if (began > ended)
            throw new ArgumentException($"A read began at {began}, after its end at {ended}.", nameof(ended));
        var cluster = Find(value ?? Initial);
        cluster.Reads++;
        cluster.Began(began);
        cluster.Ended(ended);
        Operations++;
    }

    /// <summary>What cannot have happened with one register, in a sentence; null when all can.</summary>
    public string? Explain()
    {
        var clusters = _order.Select(value => _clusters[value]).Where(static cluster => cluster.Counts).ToList();
        foreach (var cluster in clusters)
        {
            if (cluster.Value != Initial && cluster.WriteBegan is null)
                return $"{cluster} was read and never written";
            if (cluster.Value != Initial && cluster.FirstEnd < cluster.WriteBegan)
                return $"{cluster} was read before it was written";
        }

        var held = clusters.Where(static cluster => cluster.IsHeld)
            .OrderBy(static cluster => cluster.FirstEnd).ToList();
        for (var index = 1; index < held.Count; index++)
        {
            if (held[index].FirstEnd < held[index - 1].LastBegin)
                return $"{held[index - 1]} and {held[index]} were both there: one was read after the other was";
        }

        foreach (var outer in held)
        {
            var inner = clusters.Find(cluster => !cluster.IsHeld && cluster != outer
                && cluster.LastBegin > outer.FirstEnd && cluster.FirstEnd < outer.LastBegin);
            if (inner is not null)
                return $"{inner} was acknowledged or read while {outer} was there before and after";
        }

        return null;
    }

    private Cluster Find(string value)
    {
        if (_clusters.TryGetValue(value, out var cluster))
            return cluster;
        _order.Add(value);
        return _clusters[value] = new Cluster(value);
    }

    /// <summary>The operations on one value.</summary>
    private sealed class Cluster
    {
        public Cluster(string value)
        {
            Value = value;
            // What was there at first was written before everything.
            (FirstEnd, LastBegin) = value == Initial
                ? (TimeSpan.MinValue, TimeSpan.MinValue)
                : (TimeSpan.MaxValue, TimeSpan.MinValue);
        }

        public string Value { get; }

        public TimeSpan? WriteBegan { get; set; }

        public TimeSpan FirstEnd { get; private set; }

        public TimeSpan LastBegin { get; private set; }

        public int Reads { get; set; }

        /// <summary>A write without an end that nobody saw need not have happened.</summary>
        public bool Counts => Reads > 0 || FirstEnd != TimeSpan.MaxValue && Value != Initial;

        public bool IsHeld => FirstEnd < LastBegin;

        public void Began(TimeSpan at) => LastBegin = at > LastBegin ? at : LastBegin;

        public void Ended(TimeSpan at) => FirstEnd = at < FirstEnd ? at : FirstEnd;

        public override string ToString() => Value == Initial
            ? "nothing"
            : string.Create(CultureInfo.InvariantCulture, $"'{Value}'");
    }
}
