namespace Mirage.Net;

/// <summary>What ARP met with.</summary>
internal sealed class ArpCounters
{
    /// <summary>Packets that are malformed, or whose sender cannot exist.</summary>
    public long InDiscards;

    /// <summary>Packets in which another station claims an address of ours.</summary>
    public long Conflicts;

    /// <summary>Neighbours whose link address changed.</summary>
    public long Moves;

    /// <summary>Claims of another link address that came too soon after an answer to be believed.</summary>
    public long RefusedMoves;

    /// <summary>Entries that gave way to others.</summary>
    public long Evictions;
}
