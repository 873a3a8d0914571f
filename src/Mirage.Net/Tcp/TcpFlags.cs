namespace Mirage.Net;

/// <summary>The control bits of a segment, RFC 9293 section 3.1, with those of RFC 3168 and RFC 9768.</summary>
[Flags]
public enum TcpFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>No more data from the sender.</summary>
    Fin = 1,

    /// <summary>Synchronize sequence numbers.</summary>
    Syn = 2,

    /// <summary>Reset the connection.</summary>
    Rst = 4,

    /// <summary>Push.</summary>
    Psh = 8,

    /// <summary>The acknowledgement number is significant.</summary>
    Ack = 16,

    /// <summary>The urgent pointer is significant.</summary>
    Urg = 32,

    /// <summary>ECN-Echo.</summary>
    Ece = 64,

    /// <summary>Congestion window reduced.</summary>
    Cwr = 128,

    /// <summary>Accurate ECN: with the two before it, a counter.</summary>
    Ae = 256,
}
