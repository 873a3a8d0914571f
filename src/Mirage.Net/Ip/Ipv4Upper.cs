namespace Mirage.Net;

/// <summary>What is above IPv4, for the rare packet that does not come from a frame.</summary>
internal abstract class Ipv4Upper
{
    public abstract void Icmp(in ReceivedPacket packet);
}

/// <inheritdoc/>
internal sealed class Ipv4Upper<THandler>(THandler handler) : Ipv4Upper where THandler : struct, IIpHandler
{
    public override void Icmp(in ReceivedPacket packet) => handler.Icmp(packet);
}
