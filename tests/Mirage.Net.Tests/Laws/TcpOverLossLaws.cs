using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpOverLossLaws : TcpLaws<TcpIp<Lossy<VirtualPort>>>
{
    protected override ValueTask<StackEnds<TcpIp<Lossy<VirtualPort>>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, port => port.WithLoss(host, 20)));
}
