using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class LossyLaws : FaultLinkLaws<Lossy<VirtualPort>>
{
    protected override LinkLiberties Liberties => LinkLiberties.Loses;

    private protected override Lossy<VirtualPort> Put(Host host, VirtualPort port) => port.WithLoss(host, 100);
}
