namespace Mirage.Net.Tests;

public sealed class ReorderingNothingLaws : FaultLinkLaws<Reordering<VirtualPort>>
{
    private protected override Reordering<VirtualPort> Put(Host host, VirtualPort port) => port.WithReordering(host, 0);
}
