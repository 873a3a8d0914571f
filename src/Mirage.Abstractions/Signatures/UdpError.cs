namespace Mirage;

/// <summary>What UDP answers when it cannot bind or send.</summary>
public abstract record UdpError
{
    private UdpError() { }

    /// <summary>Somebody listens on the port already.</summary>
    public sealed record PortInUse(ushort Port) : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"UDP port {Port} is in use";
    }

    /// <summary>Every port is bound.</summary>
    public sealed record NoFreePort : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => "no UDP port is free";
    }

    /// <summary>The link below refused the port.</summary>
    public sealed record Link(NetworkError Inner) : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => Inner.ToString();
    }

    /// <summary>Longer than a datagram can be, 65,507 bytes over IPv4, or than the link carries when it must not be
    /// fragmented.</summary>
    public sealed record TooLong(long Length) : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Length} bytes do not fit a datagram";
    }

    /// <summary>No address or gateway leads to the destination.</summary>
    public sealed record NoRoute(IpAddress Destination) : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"no route to {Destination}";
    }

    /// <summary>An earlier datagram did not arrive, and a router or the peer said so.</summary>
    public sealed record Unreachable(Endpoint Destination, IcmpUnreachable Reason) : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Destination} cannot be reached ({Reason})";
    }

    /// <summary>The port was unbound or the device disconnected.</summary>
    public sealed record Closed : UdpError
    {
        /// <inheritdoc/>
        public override string ToString() => "the UDP port is closed";
    }
}
