using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpOverDelayLaws : TcpLaws<TcpIp<Delaying<VirtualPort>>>
{
    protected override ValueTask<StackEnds<TcpIp<Delaying<VirtualPort>>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, port =>
            port.WithDelay(host, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(2))));
}
