namespace Mirage.Net.Tests;

public sealed class DelayingNothingLaws : FaultLinkLaws<Delaying<VirtualPort>>
{
    private protected override Delaying<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithDelay(host, TimeSpan.Zero);
}
