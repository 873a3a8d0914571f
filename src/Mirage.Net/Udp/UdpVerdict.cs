namespace Mirage.Net;

/// <summary>What reading a datagram came to.</summary>
internal enum UdpVerdict
{
    /// <summary>It is whole.</summary>
    Ok,

    /// <summary>Its length is impossible.</summary>
    Malformed,

    /// <summary>Its checksum is wrong.</summary>
    BadChecksum,
}
