using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpIpOffloadedLaws : StackLaws<TcpIp<VirtualPort>>
{
    protected override ValueTask<StackEnds<TcpIp<VirtualPort>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, static port => port, VirtualLinkOptions.Offloaded));
}
