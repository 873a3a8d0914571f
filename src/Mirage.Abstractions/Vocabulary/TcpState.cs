namespace Mirage;

/// <summary>The states of a connection, RFC 9293 section 3.3.2.</summary>
public enum TcpState
{
    /// <summary>No connection.</summary>
    Closed,

    /// <summary>Our SYN is out.</summary>
    SynSent,

    /// <summary>Both SYNs are out, and ours is not acknowledged.</summary>
    SynReceived,

    /// <summary>Data flows both ways.</summary>
    Established,

    /// <summary>Our FIN is out; the peer may go on sending.</summary>
    FinWait1,

    /// <summary>Our FIN is acknowledged; the peer may go on sending.</summary>
    FinWait2,

    /// <summary>The peer's FIN is in; we may go on sending.</summary>
    CloseWait,

    /// <summary>Both FINs are out, and ours is not acknowledged.</summary>
    Closing,

    /// <summary>The peer closed first, and our FIN is not acknowledged.</summary>
    LastAck,

    /// <summary>Both ends are closed; old segments are waited out.</summary>
    TimeWait,
}
