namespace Mirage.Bench;

/// <summary>Ten machines with stacks that listen on one network, and nobody who asks.</summary>
internal static class IdleWorld
{
    public static void Run(TimeSpan time)
    {
        var world = new SimWorld();
        var net = world.AddNet();
        for (var number = 1; number <= 10; number++)
        {
            var address = Cidr.Parse($"10.0.0.{number}/24");
            var machine = world.AddMachine($"m{number}");
            net.Attach(machine);
            machine.Run(async host =>
            {
                var stack = TcpIp<SimNetif>.Create(host, SimNetif.On(host), address);
                await using var listener = Sure.Right(TcpIp<SimNetif>.Listen(stack, 80));
                await listener.Accept();
            });
        }

        world.Run(time);
    }
}
