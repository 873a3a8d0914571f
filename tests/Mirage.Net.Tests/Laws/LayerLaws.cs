using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>The life cycle of the layers of a stack, each as a device of its own.</summary>
public static class LayerLaws
{
    private static readonly string[] s_address = ["--ipv4=10.0.0.1/24"];

    public sealed class OfHub : DeviceLaws<VirtualHub>;

    public sealed class OfEthernet : DeviceLaws<Ethernet<VirtualPort>>;

    public sealed class OfArp : DeviceLaws<Arp<Ethernet<VirtualPort>>>;

    public sealed class OfIpv4 : Addressed<Ipv4<Ethernet<VirtualPort>, Arp<Ethernet<VirtualPort>>>>;

    public sealed class OfIcmp : Addressed<Icmp<Ipv4<Ethernet<VirtualPort>, Arp<Ethernet<VirtualPort>>>>>;

    public sealed class OfUdp : Addressed<Udp<Ipv4<Ethernet<VirtualPort>, Arp<Ethernet<VirtualPort>>>>>;

    public sealed class OfTcp : Addressed<Tcp<Ipv4<Ethernet<VirtualPort>, Arp<Ethernet<VirtualPort>>>, Cubic>>;

    public sealed class OfStack : Addressed<TcpIp<VirtualPort>>;

    public sealed class OfHttpServer : Addressed<HttpServer<TcpIp<VirtualPort>>>;

    public abstract class Addressed<TDevice> : DeviceLaws<TDevice> where TDevice : struct, IDevice<TDevice>
    {
        protected override IReadOnlyList<string> Arguments => s_address;
    }
}
