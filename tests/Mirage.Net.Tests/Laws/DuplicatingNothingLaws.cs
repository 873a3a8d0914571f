namespace Mirage.Net.Tests;

public sealed class DuplicatingNothingLaws : FaultLinkLaws<Duplicating<VirtualPort>>
{
    private protected override Duplicating<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithDuplication(host, 0);
}
