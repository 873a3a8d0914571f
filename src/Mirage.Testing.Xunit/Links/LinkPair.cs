namespace Mirage.Testing;

/// <summary>The traffic of both directions of a link.</summary>
internal sealed class LinkPair(LawRun run, LinkEnd near, LinkEnd far)
{
    public LinkTraffic Outward { get; } = new(run, near, far);

    public LinkTraffic Inward { get; } = new(run, far, near);

    /// <summary>The number of the next frame.</summary>
    public int Number { get; set; }
}
