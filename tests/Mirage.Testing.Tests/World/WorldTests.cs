using Mirage.Net;

namespace Mirage.Testing.Tests;

public sealed class WorldTests
{
    [Fact]
    public void TwoMachines_TcpOverALossyLink_CarriesEveryByte()
    {
        var world = new SimWorld(7);
        var net = world.AddNet(model: new LinkModel
        {
            Latency = Latency.Fixed(TimeSpan.FromMilliseconds(20)),
            LossPermille = 20,
        });
        var transfer = new Transfer(world, net, 1 << 20);
        world.Await("the transfer", () => transfer.Received == 1 << 20, TimeSpan.FromHours(1));
        Assert.True(transfer.IsIntact);
        Assert.True(world.Faults["lost"] > 5);
    }

    [Fact]
    public void SameSeed_WholeWorld_LeavesTheSameTrace()
    {
        Assert.Equal(Hash(3), Hash(3));
        Assert.NotEqual(Hash(3), Hash(4));

        static ulong Hash(ulong seed)
        {
            var world = new SimWorld(seed);
            var net = world.AddNet(model: new LinkModel { LossPermille = 100 });
            var transfer = new Transfer(world, net, 1 << 16);
            world.Await("the transfer", () => transfer.Received == 1 << 16, TimeSpan.FromHours(1));
            return world.Trace.Hash;
        }
    }

    [Fact]
    public void TenIdleMachines_AnHour_Passes()
    {
        var world = new SimWorld();
        var net = world.AddNet();
        for (var number = 1; number <= 10; number++)
        {
            var machine = world.AddMachine($"m{number}");
            net.Attach(machine);
            machine.Boot<Idle<TcpIp<SimNetif>>>($"--ipv4=10.0.0.{number}/24");
        }

        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), world.Now);
        Assert.All(world.Machines, static machine => Assert.True(machine.IsUp));
    }

    [Fact]
    public void Run_FromInsideTheWorld_IsRefused()
    {
        var world = new SimWorld();
        world.At(TimeSpan.FromSeconds(1), () => world.Run(TimeSpan.FromSeconds(1)));
        Assert.Throws<InvalidOperationException>(() => world.Run(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void EventsWithoutTime_EndTheRun()
    {
        var world = new SimWorld();
        void Again() => world.At(world.Now, Again);
        Again();
        var error = Assert.Throws<SimFailureException>(() => world.Run(TimeSpan.FromSeconds(5)));
        Assert.StartsWith("The world runs on and on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinksAndLatencies_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkModel { LossPermille = 1001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkModel { DuplicatePermille = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkModel { BitsPerSecond = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Latency.Fixed(TimeSpan.MaxValue));
    }

    [Fact]
    public void TaskRun_InAMachine_EndsTheRunAndNamesTheCulprit()
    {
        var world = new SimWorld();
        world.AddMachine("m").Run(Escape);
        var error = Assert.Throws<SimEscapeException>(() => world.Run(TimeSpan.FromSeconds(1)));
        Assert.Contains("m handed work to the thread pool", error.Message, StringComparison.Ordinal);
        Assert.Contains("WorldTests.Escape", error.Message, StringComparison.Ordinal);

        static async ValueTask Escape(SimHost host)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), host.Time);
            await Task.Run(static () => { });
        }
    }
}
