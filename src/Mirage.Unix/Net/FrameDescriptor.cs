namespace Mirage.Unix;

/// <summary>An open descriptor that carries Ethernet frames, and what was found out about it.</summary>
/// <param name="Descriptor">Non-blocking; whoever holds this closes it.</param>
/// <param name="VnetHeaderLength">Bytes of virtio_net_hdr in front of every frame; 0 for none.</param>
/// <param name="Mtu">The longest frame without its Ethernet header.</param>
internal sealed record FrameDescriptor(int Descriptor, int VnetHeaderLength, int Mtu)
{
    /// <summary>What the header may ask for.</summary>
    public LinkOffload Offload { get; init; } = VnetHeaderLength > 0 ? LinkOffload.Tcp : LinkOffload.None;
}
