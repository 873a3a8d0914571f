namespace Mirage.Net.Tests;

public sealed class MtuLimitedLaws : FaultLinkLaws<MtuLimited<VirtualPort>>
{
    private protected override MtuLimited<VirtualPort> Put(Host host, VirtualPort port) => port.WithMtu(576);
}
