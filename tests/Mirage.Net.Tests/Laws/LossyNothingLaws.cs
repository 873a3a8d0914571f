namespace Mirage.Net.Tests;

public sealed class LossyNothingLaws : FaultLinkLaws<Lossy<VirtualPort>>
{
    private protected override Lossy<VirtualPort> Put(Host host, VirtualPort port) => port.WithLoss(host, 0);
}
