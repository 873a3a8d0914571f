namespace Mirage.Testing.Tests;

/// <summary>The link of simulated machines is a link: two ports of one machine, on a network without faults.</summary>
public sealed class SimNetifLaws : NetworkLaws<SimNetif>
{
    protected override Host CreateHost(ulong seed) => SimNetifWorlds.Open(seed, new LinkModel());

    protected override ValueTask<(SimNetif Near, LinkEnd Far)> ConnectLink(Host host) =>
        new(SimNetifWorlds.Ends(host));
}
