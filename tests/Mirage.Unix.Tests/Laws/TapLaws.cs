using Mirage.Testing;

namespace Mirage.Unix.Tests;

public sealed class TapLaws
{
    public static TheoryData<string> Laws => LawCases.Of<Suite>();

    [RootTheory]
    [MemberData(nameof(Laws))]
    public void BridgedTap_Law_Holds(string law) => LawCases.Run<Suite>(law);

    private sealed class Suite : NetworkLaws<Netif>
    {
        protected override LawOptions Options => base.Options with { Cases = 5 };

        protected override Host CreateHost(ulong seed) => BridgedTaps.CreateHost();

        protected override ValueTask Settle(Host host) => LoopTurns.Settle(host);

        protected override ValueTask<(Netif Near, LinkEnd Far)> ConnectLink(Host host)
        {
            var (near, far) = BridgedTaps.Open(host);
            return new((near, LinkEnd.Of(far)));
        }

        protected override async ValueTask Release(Host host, Netif device)
        {
            await base.Release(host, device);
            BridgedTaps.Close();
        }
    }
}
