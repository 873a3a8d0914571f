using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Two ports of a hub that has a third, where nobody listens.</summary>
public sealed class VirtualHubLaws : NetworkLaws<VirtualPort>
{
    protected override ValueTask<(VirtualPort Near, LinkEnd Far)> ConnectLink(Host host)
    {
        var hub = VirtualHub.Create(host);
        VirtualHub.Attach(hub);
        return new((VirtualHub.Attach(hub), LinkEnd.Of(VirtualHub.Attach(hub))));
    }
}
