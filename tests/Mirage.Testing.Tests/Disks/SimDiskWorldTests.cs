namespace Mirage.Testing.Tests;

public sealed class SimDiskWorldTests
{
    [Fact]
    public void MachineThatCrashes_ItsDisk_KeepsWhatWasFlushedAndGivesTheRestToChance()
    {
        var unflushed = new SortedSet<byte>();
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var (flushed, other) = Crash(seed);
            Assert.Equal(7, flushed);
            unflushed.Add(other);
            Assert.Equal((flushed, other), Crash(seed));
        }

        Assert.Equal<byte>([0, 9], unflushed);

        static (byte, byte) Crash(ulong seed)
        {
            var world = new SimWorld(seed);
            var disk = new SimDisk(512, 8, world.Random("disk").Next());
            var seen = new List<byte>();
            var machine = Machine(world, disk, async (machine, probe) =>
            {
                if (machine.Boots > 1)
                {
                    seen.AddRange(DiskProbe.Peek(disk, 0, 2));
                    return;
                }

                await probe.Write(0, 7);
                await probe.Flush();
                await probe.Write(1, 9);
                await Task.Delay(TimeSpan.FromHours(1), machine.Host.Time);
            });
            FaultPlan.Parse("1s for 1s crash m").Apply(world);
            world.Run(TimeSpan.FromSeconds(5));
            Assert.Equal(2, machine.Boots);
            Assert.Equal(1, disk.Counters.Crashes);
            return (seen[0], seen[1]);
        }
    }

    [Fact]
    public void ProgramThatEnds_ItsDisk_KeepsEverything()
    {
        var world = new SimWorld();
        var disk = new SimDisk(512, 8);
        var machine = Machine(world, disk, async (_, probe) => await probe.Write(1, 9));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ExitCode.Done, machine.Exit);
        Assert.Equal([9], DiskProbe.Peek(disk, 1, 1));
        Assert.Equal(0, disk.Counters.Crashes);
    }

    [Fact]
    public void FaultOfAPlan_AtItsTime_BefallsTheDisk()
    {
        var world = new SimWorld();
        var disk = new SimDisk(512, 8);
        var outcomes = new List<bool>();
        Machine(world, disk, async (machine, probe) =>
        {
            for (var second = 0; second < 3; second++)
            {
                outcomes.Add((await probe.Read(7)).IsRight);
                await Task.Delay(TimeSpan.FromSeconds(1), machine.Host.Time);
            }
        });
        FaultPlan.Parse("1.5s hardware m/data unreadable 7").Apply(world);
        world.Run(TimeSpan.FromSeconds(5));
        Assert.Equal([true, true, false], outcomes);
    }

    private static SimMachine Machine(SimWorld world, SimDisk disk, Func<SimMachine, DiskProbe, ValueTask> program)
    {
        var machine = world.AddMachine("m");
        machine.Attach("data", disk);
        machine.Run(host => program(machine, new DiskProbe(host, host.Attached<SimDisk>("data")!)));
        return machine;
    }
}
