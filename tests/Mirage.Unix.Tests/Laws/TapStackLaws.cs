using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Unix.Tests;

public sealed class TapStackLaws
{
    public static TheoryData<string> Laws => LawCases.Of<Suite>();

    [RootTheory]
    [MemberData(nameof(Laws))]
    public void StacksOnBridgedTaps_Law_Holds(string law) => LawCases.Run<Suite>(law);

    private sealed class Suite : StackLaws<TcpIp<Netif>>
    {
        protected override LawOptions Options => base.Options with { Cases = 5 };

        protected override Host CreateHost(ulong seed) => BridgedTaps.CreateHost();

        protected override ValueTask Settle(Host host) => LoopTurns.Settle(host);

        protected override ValueTask<StackEnds<TcpIp<Netif>>> ConnectEnds(Host host)
        {
            var (near, far) = BridgedTaps.Open(host);
            return new(new StackEnds<TcpIp<Netif>>(
                TcpIp<Netif>.Create(host, near, Cidr.Parse("10.0.0.1/24")),
                TcpIp<Netif>.Create(host, far, Cidr.Parse("10.0.0.2/24")),
                async () =>
                {
                    await Netif.Disconnect(near);
                    await Netif.Disconnect(far);
                    BridgedTaps.Close();
                }));
        }
    }
}
