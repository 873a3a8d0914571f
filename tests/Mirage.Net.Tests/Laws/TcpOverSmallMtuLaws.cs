using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpOverSmallMtuLaws : TcpLaws<TcpIp<MtuLimited<VirtualPort>>>
{
    protected override ValueTask<StackEnds<TcpIp<MtuLimited<VirtualPort>>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, port => port.WithMtu(576)));
}
