namespace Mirage.Net.Tests;

public sealed class OutageNothingLaws : FaultLinkLaws<Outage<VirtualPort>>
{
    private protected override Outage<VirtualPort> Put(Host host, VirtualPort port) => port.WithOutages(host);
}
