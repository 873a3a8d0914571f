namespace Mirage.Net;

/// <summary>What a connection is made with.</summary>
internal sealed record TcpParameters
{
    /// <summary>This end.</summary>
    public required Endpoint Local { get; init; }

    /// <summary>The peer's end.</summary>
    public required Endpoint Remote { get; init; }

    /// <summary>The largest segment payload that the link takes without options: MTU - 40 for IPv4, MTU - 60 for
    /// IPv6.</summary>
    public required int Mss { get; init; }

    /// <summary>The most payload the device cuts itself; 0 when it cuts none.</summary>
    public int SegmentationLimit { get; init; }

    /// <summary>Bytes that the receive queue takes, unless somebody says otherwise.</summary>
    public const int ReceiveBufferDefault = 1 << 20;

    /// <summary>Bytes that the receive queue takes: the largest window advertised.</summary>
    public int ReceiveBuffer { get; init; } = ReceiveBufferDefault;

    /// <summary>Whether small segments wait for the acknowledgement of what is in flight, RFC 9293 section
    /// 3.7.4.</summary>
    public bool Nagle { get; init; } = true;

    /// <summary>Unguessable to the peer and different for each connection: it spaces challenge acknowledgments, RFC
    /// 5961 section 7.</summary>
    public ulong Secret { get; init; }
}
