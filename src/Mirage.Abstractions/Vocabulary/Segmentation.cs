namespace Mirage;

/// <summary>How a device is to cut, or has merged, the payload of an oversized frame: the GSO types of virtio 1.2,
/// section 5.1.6.2.</summary>
public enum Segmentation : byte
{
    /// <summary>The frame is one packet.</summary>
    None,

    /// <summary>TCP over IPv4.</summary>
    TcpV4,

    /// <summary>TCP over IPv6.</summary>
    TcpV6,

    /// <summary>UDP datagrams of equal size, USO.</summary>
    Udp,
}
