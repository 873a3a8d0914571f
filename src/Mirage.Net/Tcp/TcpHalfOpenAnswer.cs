namespace Mirage.Net;

/// <summary>What a segment does to a half-open connection.</summary>
internal enum TcpHalfOpenAnswer
{
    /// <summary>Nothing.</summary>
    Drop,

    /// <summary>The answer to the SYN is sent again.</summary>
    Repeat,

    /// <summary>An acknowledgment says where the connection stands.</summary>
    Challenge,

    /// <summary>The segment is answered with <see cref="TcpReset.For"/>.</summary>
    Reset,

    /// <summary>The peer does not want the connection any more.</summary>
    Forget,

    /// <summary>The handshake is complete: a machine takes the segment.</summary>
    Complete,
}
