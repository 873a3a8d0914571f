namespace Mirage.Net;

/// <summary>What is known of one neighbour.</summary>
internal sealed class ArpEntry
{
    public ArpEntry(IpAddress ip) => (Ip, Node) = (ip, new(this));

    public IpAddress Ip { get; }

    /// <summary>Its link address; without meaning while it is being resolved.</summary>
    public MacAddress Mac { get; set; }

    public ArpState State { get; set; }

    /// <summary>Requests sent since the last answer.</summary>
    public int Requests { get; set; }

    /// <summary>When the state has to change.</summary>
    public long DueNs { get; set; }

    /// <summary>Until when another link address is not believed.</summary>
    public long LockedUntilNs { get; set; }

    /// <summary>Whether somebody sent to it since it last answered.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Its place in the order of eviction.</summary>
    public LinkedListNode<ArpEntry> Node { get; }
}
