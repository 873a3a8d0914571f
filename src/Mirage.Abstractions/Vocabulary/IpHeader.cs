namespace Mirage;

/// <summary>What a transport says of the packet that it sends.</summary>
/// <param name="Source">One of this host's addresses.</param>
/// <param name="Destination">The other host, of the same family.</param>
/// <param name="Protocol">What the packet carries.</param>
public readonly record struct IpHeader(IpAddress Source, IpAddress Destination, IpProtocol Protocol)
{
    /// <summary>Hops that the packet may take; 0 stands for the stack's default of 64.</summary>
    public byte Ttl { get; init; }

    /// <summary>The two ECN bits of RFC 3168.</summary>
    public byte Ecn { get; init; }

    /// <summary>Whether routers and this host must not fragment the packet.</summary>
    public bool DontFragment { get; init; }
}
