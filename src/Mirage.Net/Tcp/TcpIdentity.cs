namespace Mirage.Net;

/// <summary>What a connection has to itself from its beginning; what it has in common with others is
/// <see cref="TcpParameters"/>.</summary>
/// <param name="Local">This end.</param>
/// <param name="Remote">The peer's end.</param>
internal readonly record struct TcpIdentity(Endpoint Local, Endpoint Remote)
{
    /// <summary>What the connection's timestamps are ahead of the stack's clock by, RFC 7323 section 5.4: unguessable,
    /// and the same for every connection between these ends.</summary>
    public uint TimestampOffset { get; init; }

    /// <summary>Unguessable to the peer and different for each connection: it spaces challenge acknowledgments, RFC
    /// 5961 section 7.</summary>
    public ulong Secret { get; init; }

    public TcpFlowKey Key => new(Local, Remote);
}
