using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class OffloadedPairLaws : NetworkLaws<VirtualPort>
{
    protected override ValueTask<(VirtualPort Near, LinkEnd Far)> ConnectLink(Host host)
    {
        var (left, right) = VirtualPair.Create(host, VirtualLinkOptions.Offloaded);
        return new((left, LinkEnd.Of(right)));
    }
}
