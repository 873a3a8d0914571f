namespace Mirage.Net;

/// <summary>What a link in memory is like.</summary>
public sealed record VirtualLinkOptions
{
    /// <summary>The shortest MTU that IPv4 lets a link have, RFC 791, bytes.</summary>
    public const int MtuMin = 68;

    /// <summary>The longest MTU: the longest IPv4 packet, bytes.</summary>
    public const int MtuMax = 65_535;

    /// <summary>
    /// The longest frame without its Ethernet header, bytes; from <see cref="MtuMin"/> to <see cref="MtuMax"/>.
    /// </summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>
    /// Whether checksums are left out: memory does not corrupt, so the link vouches for every frame, and a frame that
    /// asks for a checksum is delivered without one.
    /// </summary>
    public bool ChecksumOffload { get; init; }

    /// <summary>
    /// The longest TCP frame without its Ethernet header that may be sent in one piece and arrives in one piece, bytes;
    /// 0 when the MTU holds for TCP as well. Needs <see cref="ChecksumOffload"/>.
    /// </summary>
    public int SegmentationLimit { get; init; }

    /// <summary>
    /// The longest frame of several UDP datagrams without its Ethernet header that may be sent in one piece and arrives
    /// in one piece, bytes; 0 when each datagram is a frame. Needs <see cref="ChecksumOffload"/>.
    /// </summary>
    public int UdpSegmentationLimit { get; init; }

    /// <summary>Whether frames shorter than 60 bytes arrive padded with zeros, as Ethernet pads them.</summary>
    public bool Pad { get; init; }

    /// <summary>Frames that wait at a port to be taken; the next one is dropped and counted.</summary>
    public int QueueFrames { get; init; } = 1024;

    /// <summary>
    /// A link that carries the largest frames without checksums: the cheapest way between two stacks of one process.
    /// </summary>
    public static VirtualLinkOptions Offloaded { get; } = new()
    {
        ChecksumOffload = true,
        SegmentationLimit = MtuMax,
        UdpSegmentationLimit = MtuMax,
    };

    internal VirtualLinkOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Mtu, MtuMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Mtu, MtuMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentationLimit, MtuMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(UdpSegmentationLimit, MtuMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueFrames, 1);
        if ((SegmentationLimit > 0 || UdpSegmentationLimit > 0) && !ChecksumOffload)
            throw new ArgumentException("A link that cuts frames completes their checksums as well.");
        return this;
    }
}
