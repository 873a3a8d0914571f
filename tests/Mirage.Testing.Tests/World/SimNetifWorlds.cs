namespace Mirage.Testing.Tests;

/// <summary>Worlds of one machine with two ports of one network.</summary>
internal static class SimNetifWorlds
{
    public static SimHost Open(ulong seed, LinkModel model)
    {
        var world = new SimWorld(seed);
        var net = world.AddNet(model: model);
        var machine = world.AddMachine("m");
        net.Attach(machine);
        net.Attach(machine, "far");
        return machine.Open();
    }

    public static (SimNetif Near, LinkEnd Far) Ends(Host host) =>
        (SimNetif.On((SimHost)host), LinkEnd.Of(SimNetif.On((SimHost)host, "far")));
}
