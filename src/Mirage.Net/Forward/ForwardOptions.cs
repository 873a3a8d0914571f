namespace Mirage.Net;

/// <summary>How much is forwarded at once. <c>default</c> is right for most.</summary>
public readonly record struct ForwardOptions
{
    /// <summary>Connections that are not decided on or whose handshake is not complete; 0 stands for 1,024. SYNs beside
    /// them are not answered.</summary>
    public int ConnectingMax { get; init; }

    /// <summary>Flows of datagrams; 0 stands for 4,096. A new one beside them takes the place of the one that was never
    /// answered and is silent longest; where all were answered, its datagram is lost.</summary>
    public int DatagramFlowsMax { get; init; }

    /// <summary>How long a flow of datagrams may be silent; 0 stands for two minutes, RFC 4787 section 4.3. One that
    /// was
    /// never answered has a quarter of it.</summary>
    public TimeSpan DatagramIdle { get; init; }
}
