namespace Mirage;

/// <summary>How a connection behaves, whoever began it. <c>default</c> is right for most.</summary>
public readonly record struct FlowOptions
{
    /// <summary>
    /// Whether a small segment waits for the acknowledgment of what is under way, RFC 9293 section 3.7.4. It need not
    /// as a rule: everything that is written in one iteration of the loop leaves together.
    /// </summary>
    public bool Nagle { get; init; }

    /// <summary>Bytes that are received before they are read; 0 leaves it to the stack. Who waits for a whole message
    /// asks for a segment more than it has.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>Bytes that are written before the peer has acknowledged them, beyond which a flush waits; 0 leaves it
    /// to the stack.</summary>
    public int SendBuffer { get; init; }

    /// <summary>Whether this end asks for explicit congestion notification when it opens a connection: routers then
    /// mark what they would drop, RFC 3168, and the peer counts it if it can, RFC 9768. A peer that asks is answered in
    /// any case. On the kernel's sockets the machine's own setting decides.</summary>
    public bool AsksForEcn { get; init; }

    /// <summary>How long the peer may be silent until it is asked whether it is still there, RFC 9293 section 3.8.4;
    /// null never asks.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>How long it has for each answer; 0 stands for 75 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; }

    /// <summary>How often it is asked before the connection fails with <see cref="TcpError.Timeout"/>; 0 stands for
    /// 9.</summary>
    public int KeepAliveCount { get; init; }

    /// <summary>How long what was sent, or a shut window, may wait for the peer before the connection fails with
    /// <see cref="TcpError.Timeout"/>, RFC 5482; null leaves it to the stack, which tries for several minutes and bears
    /// a shut window for ever. A silent peer that is asked by <see cref="KeepAlive"/> has that long too, and
    /// <see cref="KeepAliveCount"/> does not count then.</summary>
    public TimeSpan? UserTimeout { get; init; }

    /// <summary>What disposing does with bytes that the peer has not acknowledged: null delivers them while nobody
    /// waits; zero resets the connection; any other time waits for as long as that, and then resets it.</summary>
    public TimeSpan? Linger { get; init; }
}
