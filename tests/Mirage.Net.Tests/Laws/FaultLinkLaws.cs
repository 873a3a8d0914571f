using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>The laws of a link whose near end is a port of a link in memory with something put on it.</summary>
public abstract class FaultLinkLaws<TNetwork> : NetworkLaws<TNetwork> where TNetwork : struct, INetwork<TNetwork>
{
    private protected abstract TNetwork Put(Host host, VirtualPort port);

    protected override ValueTask<(TNetwork Near, LinkEnd Far)> ConnectLink(Host host)
    {
        var (left, right) = VirtualPair.Create(host);
        _ports.AddOrUpdate(host, LinkEnd.Of(left));
        return new((Put(host, left), LinkEnd.Of(right)));
    }

    protected override async ValueTask Release(Host host, TNetwork device)
    {
        await base.Release(host, device);
        if (_ports.TryGetValue(host, out var port))
            await port.Disconnect();
    }

    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Host, LinkEnd> _ports = [];
}
