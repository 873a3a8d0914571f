namespace Mirage;

/// <summary>What a link can do, in the terms of virtio_net_hdr. The stack uses what is there and does in software what
/// is not.</summary>
/// <param name="Mac">The address that this end sends from.</param>
/// <param name="Mtu">The longest frame without its Ethernet header, bytes.</param>
public readonly record struct NetworkInfo(MacAddress Mac, int Mtu)
{
    /// <summary>The device completes checksums that a frame asks for.</summary>
    public bool ChecksumOffload { get; init; }

    /// <summary>The longest TCP frame without its Ethernet header that the device cuts itself; 0 when it cuts
    /// none.</summary>
    public int SegmentationLimit { get; init; }

    /// <summary>The longest frame of several UDP datagrams, without its Ethernet header, that the device cuts itself; 0
    /// when it cuts none. A device that does completes checksums as well.</summary>
    public int UdpSegmentationLimit { get; init; }

    /// <summary>Queues of the link, each with a stack of its own behind it; 0 and 1 are a link with one.</summary>
    public int QueueCount { get; init; }

    /// <summary>Which of the queues this is, from 0 on.</summary>
    public int Queue { get; init; }

    /// <summary>Whether what is sent to a port that the stack chose itself comes on this queue.</summary>
    public bool IsOwnPort(ushort port) => QueueCount <= 1 || port % QueueCount == Queue;

    /// <summary>The longest frame without its Ethernet header that the device takes to cut it so.</summary>
    public int LimitOf(Segmentation segmentation) => segmentation switch
    {
        Segmentation.None => Mtu,
        Segmentation.Udp => UdpSegmentationLimit,
        _ => SegmentationLimit,
    };
}
