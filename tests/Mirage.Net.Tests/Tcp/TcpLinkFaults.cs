namespace Mirage.Net.Tests;

/// <summary>What a link does to segments.</summary>
internal sealed record TcpLinkFaults
{
    public long DelayNs { get; init; } = 10_000_000;

    public int LossPerMille { get; init; }

    public int RepeatPerMille { get; init; }

    public int ReorderPerMille { get; init; }

    /// <summary>When nothing arrives.</summary>
    public (long From, long To) Outage { get; init; }

    public Interval OutageNs => new(Outage.From, Outage.To);

    internal readonly record struct Interval(long From, long To)
    {
        public bool Contains(long nowNs) => nowNs >= From && nowNs < To;
    }
}
