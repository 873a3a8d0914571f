using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class PaddedPairLaws : NetworkLaws<VirtualPort>
{
    protected override ValueTask<(VirtualPort Near, LinkEnd Far)> ConnectLink(Host host)
    {
        var (left, right) = VirtualPair.Create(host, new() { Pad = true, Mtu = VirtualLinkOptions.MtuMin });
        return new((left, LinkEnd.Of(right)));
    }
}
