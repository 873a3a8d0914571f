namespace Mirage;

/// <summary>What TCP answers when it cannot open, listen or go on.</summary>
public abstract record TcpError
{
    private TcpError() { }

    /// <summary>The peer answered with a reset.</summary>
    public sealed record Refused(Endpoint Remote) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Remote} refused the connection";
    }

    /// <summary>The peer did not answer in time, or no longer.</summary>
    public sealed record Timeout(Endpoint Remote) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Remote} does not answer";
    }

    /// <summary>The peer reset the connection.</summary>
    public sealed record Reset(Endpoint Remote) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Remote} reset the connection";
    }

    /// <summary>A router or the peer's host says that it cannot be reached.</summary>
    public sealed record Unreachable(Endpoint Remote, IcmpUnreachable Reason) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Remote} cannot be reached ({Reason})";
    }

    /// <summary>No address or gateway leads to the peer.</summary>
    public sealed record NoRoute(IpAddress Destination) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"no route to {Destination}";
    }

    /// <summary>Somebody listens on the port already.</summary>
    public sealed record PortInUse(ushort Port) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"TCP port {Port} is in use";
    }

    /// <summary>Every port towards that peer is taken.</summary>
    public sealed record NoFreePort : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => "no TCP port is free";
    }

    /// <summary>The stack has as many connections as it may.</summary>
    public sealed record TooManyConnections : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => "the stack has as many connections as it may";
    }

    /// <summary>The link below refused the port.</summary>
    public sealed record Link(NetworkError Inner) : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => Inner.ToString();
    }

    /// <summary>This end was closed or aborted, or the device disconnected.</summary>
    public sealed record Closed : TcpError
    {
        /// <inheritdoc/>
        public override string ToString() => "the connection is closed";
    }
}
