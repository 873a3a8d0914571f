namespace Mirage.Net.Tests;

public sealed class RateLimitedLaws : FaultLinkLaws<RateLimited<VirtualPort>>
{
    private protected override RateLimited<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithRate(host, 1_000_000_000);
}
