namespace Mirage.Testing.Tests;

/// <summary>With everything wrong that a network may do, it is still a link.</summary>
public sealed class SimNetifFaultLaws : NetworkLaws<SimNetif>
{
    protected override LinkLiberties Liberties => LinkLiberties.Loses | LinkLiberties.Duplicates
        | LinkLiberties.Reorders;

    protected override Host CreateHost(ulong seed) => SimNetifWorlds.Open(seed, new LinkModel
    {
        LossPermille = 50,
        Bursts = new LossBursts(10, 200),
        DuplicatePermille = 50,
        ReorderPermille = 100,
    });

    protected override ValueTask<(SimNetif Near, LinkEnd Far)> ConnectLink(Host host) =>
        new(SimNetifWorlds.Ends(host));
}
