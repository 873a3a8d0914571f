using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class DuplicatingLaws : FaultLinkLaws<Duplicating<VirtualPort>>
{
    protected override LinkLiberties Liberties => LinkLiberties.Duplicates;

    private protected override Duplicating<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithDuplication(host, 100);
}
