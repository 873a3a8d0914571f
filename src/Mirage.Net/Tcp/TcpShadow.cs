namespace Mirage.Net;

/// <summary>A connection of which little is known: one that is not established yet, or one that is over.</summary>
/// <remarks>Anybody can ask for these by the thousand, so they are small, are used again, and have no timer of their
/// own: those that wait equally long stand in one queue.</remarks>
/// <typeparam name="TSelf">The kind.</typeparam>
internal abstract class TcpShadow<TSelf> where TSelf : TcpShadow<TSelf>
{
    public TcpFlowKey Key { get; set; }

    /// <summary>When its time is over.</summary>
    public long DueNs { get; set; }

    /// <summary>Its neighbours in the queue that it stands in.</summary>
    public TSelf? Previous { get; set; }

    public TSelf? Next { get; set; }
}
