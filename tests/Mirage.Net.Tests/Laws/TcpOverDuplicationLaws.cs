using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpOverDuplicationLaws : TcpLaws<TcpIp<Duplicating<VirtualPort>>>
{
    protected override ValueTask<StackEnds<TcpIp<Duplicating<VirtualPort>>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, port => port.WithDuplication(host, 100)));
}
