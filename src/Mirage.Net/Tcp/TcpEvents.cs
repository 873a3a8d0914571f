namespace Mirage.Net;

/// <summary>What happened to a connection since it was last asked.</summary>
[Flags]
internal enum TcpEvents
{
    None = 0,

    /// <summary>The handshake is complete.</summary>
    Established = 1,

    /// <summary>Bytes were appended to the receive queue.</summary>
    Readable = 2,

    /// <summary>The peer acknowledged bytes: they were released from the send queue.</summary>
    Writable = 4,

    /// <summary>The peer's FIN is in, and everything before it is in the receive queue.</summary>
    EndOfStream = 8,

    /// <summary>The connection broke: <see cref="TcpMachine.Error"/> says why.</summary>
    Failed = 16,

    /// <summary>The state is CLOSED: the connection is to be forgotten.</summary>
    Closed = 32,
}
