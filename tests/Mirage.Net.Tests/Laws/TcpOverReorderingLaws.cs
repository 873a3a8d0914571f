using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpOverReorderingLaws : TcpLaws<TcpIp<Reordering<VirtualPort>>>
{
    protected override ValueTask<StackEnds<TcpIp<Reordering<VirtualPort>>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, port => port.WithReordering(host, 100)));
}
