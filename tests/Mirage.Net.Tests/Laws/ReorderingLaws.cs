using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class ReorderingLaws : FaultLinkLaws<Reordering<VirtualPort>>
{
    protected override LinkLiberties Liberties => LinkLiberties.Reorders;

    private protected override Reordering<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithReordering(host, 200);
}
