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

    public override void Wake() { } // The world looks at its machines by itself.

    // The world itself may post from outside an iteration, another thread may not.
    internal override void Posted() => machine.World.Fence.Post(machine);
}
