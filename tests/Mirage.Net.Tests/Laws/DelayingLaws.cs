namespace Mirage.Net.Tests;

public sealed class DelayingLaws : FaultLinkLaws<Delaying<VirtualPort>>
{
    private protected override Delaying<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithDelay(host, TimeSpan.FromMilliseconds(20));
}
