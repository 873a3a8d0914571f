namespace Mirage.Testing;

/// <summary>The time of a machine's loop, whose iterations the world calls for.</summary>
internal sealed class MachineDriver(SimMachine machine) : LoopDriver
{
    public override long NowNs
    {
        get
        {
            machine.World.Fence.Enter(machine, "read the clock");
            return machine.Clock.NowNs;
        }
    }

    public override DateTimeOffset UtcNow
    {
        get
        {
            machine.World.Fence.Enter(machine, "read the clock");
            return machine.Clock.UtcNow;
        }
    }

    public override void Wait(long deadlineNs)
    {
        if (!machine.IsOpen)
            throw new InvalidOperationException("The world steps its machines: their loops do not run by themselves.");
        if (deadlineNs > NowNs)
            machine.World.GoOnFor(machine, deadlineNs);
    }

    // Called when something is posted from outside an iteration: the world itself may, another thread may not.
    public override void Wake() => machine.World.Fence.Post(machine);
}
