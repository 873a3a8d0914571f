namespace Mirage.Testing;

/// <summary>One thing that goes wrong, at a time and for a while.</summary>
/// <param name="At">When it begins, from the start of the plan.</param>
public abstract record Fault(TimeSpan At)
{
    /// <summary>The word for it, in plans and in <see cref="SimWorld.Faults"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The line of a plan.</summary>
    public sealed override string ToString() => FaultText.Write(this);

    /// <summary>Fails when the world lacks what the fault is about.</summary>
    internal abstract void Check(SimWorld world);

    internal abstract void Begin(SimWorld world);

    /// <summary>The longest that a plan takes.</summary>
    internal static TimeSpan Longest { get; } = TimeSpan.FromDays(10 * 365);

    private static void End(SimWorld world, TimeSpan after, Action action) =>
        world.At(world.Now + (after > Longest ? Longest : after), action);

    private static IReadOnlyList<SimMachine> Find(SimWorld world, string machine) =>
        machine == "*" ? world.Machines : [world.Machine(machine)];

    /// <summary>Machines are cut off from all others, on every network.</summary>
    /// <param name="At">When.</param>
    /// <param name="For">How long.</param>
    /// <param name="Machines">Who: the group goes on among itself.</param>
    public sealed record Isolate(TimeSpan At, TimeSpan For, IReadOnlyList<string> Machines) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "isolate";

        internal override void Check(SimWorld world) => _ = Machines.Select(world.Machine).ToList();

        internal override void Begin(SimWorld world)
        {
            SimMachine[] side = [.. Machines.Select(world.Machine)];
            foreach (var net in world.Nets)
            {
                var cut = net.Partition(side);
                End(world, For, cut.Dispose);
            }
        }
    }

    /// <summary>Nothing passes from one machine to another; the other direction works.</summary>
    /// <param name="At">When.</param>
    /// <param name="For">How long.</param>
    /// <param name="From">The sender.</param>
    /// <param name="To">The receiver.</param>
    public sealed record Cut(TimeSpan At, TimeSpan For, string From, string To) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "cut";

        internal override void Check(SimWorld world) => _ = (world.Machine(From), world.Machine(To));

        internal override void Begin(SimWorld world)
        {
            foreach (var net in world.Nets)
            {
                var cut = net.Cut(world.Machine(From), world.Machine(To));
                End(world, For, cut.Dispose);
            }
        }
    }

    /// <summary>The ways to and from a machine get worse.</summary>
    /// <param name="At">When.</param>
    /// <param name="For">How long.</param>
    /// <param name="Machine">Whose, or <c>*</c> for all.</param>
    /// <param name="Trouble">What goes wrong on them, besides what does so anyway.</param>
    public sealed record Worsen(TimeSpan At, TimeSpan For, string Machine, LinkTrouble Trouble) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "worsen";

        internal override void Check(SimWorld world) => Find(world, Machine);

        internal override void Begin(SimWorld world)
        {
            foreach (var net in world.Nets)
            {
                var worse = net.Worsen(Trouble, Machine == "*" ? null : world.Machine(Machine));
                End(world, For, worse.Dispose);
            }
        }
    }

    /// <summary>A machine loses its power, and is booted again after a while.</summary>
    /// <param name="At">When.</param>
    /// <param name="For">How long it is off.</param>
    /// <param name="Machine">Which, or <c>*</c> for all.</param>
    public sealed record Crash(TimeSpan At, TimeSpan For, string Machine) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "crash";

        internal override void Check(SimWorld world) => Find(world, Machine);

        internal override void Begin(SimWorld world)
        {
            foreach (var machine in Find(world, Machine).Where(static machine => machine.IsUp))
            {
                machine.Crash();
                End(world, For, machine.Restart);
            }
        }
    }

    /// <summary>A machine's code stands still, while the world goes on.</summary>
    /// <param name="At">When.</param>
    /// <param name="For">How long.</param>
    /// <param name="Machine">Which, or <c>*</c> for all.</param>
    public sealed record Pause(TimeSpan At, TimeSpan For, string Machine) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "pause";

        internal override void Check(SimWorld world)
        {
            Find(world, Machine);
            if (For < TimeSpan.Zero)
                throw new ArgumentException($"'{this}' lasts less than no time.");
        }

        internal override void Begin(SimWorld world)
        {
            foreach (var machine in Find(world, Machine))
                machine.Pause(For);
        }
    }

    /// <summary>A machine's time of day is set ahead or back.</summary>
    /// <param name="At">When.</param>
    /// <param name="Machine">Which, or <c>*</c> for all.</param>
    /// <param name="By">How far ahead; below zero, back.</param>
    public sealed record ClockStep(TimeSpan At, string Machine, TimeSpan By) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "clock";

        internal override void Check(SimWorld world)
        {
            Find(world, Machine);
            if (By.Duration() > SimClock.LongestStep)
                throw new ArgumentException($"'{this}' sets a clock further than it goes.");
        }

        internal override void Begin(SimWorld world)
        {
            foreach (var machine in Find(world, Machine))
                machine.Clock.Step(By);
        }
    }

    /// <summary>A machine's clock runs fast or slow from then on.</summary>
    /// <param name="At">When.</param>
    /// <param name="Machine">Which, or <c>*</c> for all.</param>
    /// <param name="Ppm">How much faster, in millionths; below zero, slower.</param>
    public sealed record ClockDrift(TimeSpan At, string Machine, int Ppm) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "drift";

        internal override void Check(SimWorld world)
        {
            Find(world, Machine);
            if (Ppm is < SimClock.DriftMin or > SimClock.DriftMax)
                throw new ArgumentException($"'{this}' lets a clock stand, or run more than twice as fast.");
        }

        internal override void Begin(SimWorld world)
        {
            foreach (var machine in Find(world, Machine))
                machine.Clock.Drift(Ppm);
        }
    }

    /// <summary>A machine's hardware does something wrong that only it knows how to do, as a disk that rots.</summary>
    /// <param name="At">When.</param>
    /// <param name="Machine">Which.</param>
    /// <param name="Name">The name of the hardware, empty for that without one.</param>
    /// <param name="What">What it does wrong, in the words of the hardware.</param>
    public sealed record Hardware(TimeSpan At, string Machine, string Name, string What) : Fault(At)
    {
        /// <inheritdoc/>
        public override string Kind => "hardware";

        internal override void Check(SimWorld world)
        {
            if (!world.Machine(Machine).TryFault(Name, What, rehearse: true))
                throw new ArgumentException($"No hardware '{Name}' of {Machine} knows the fault '{What}'.");
        }

        internal override void Begin(SimWorld world) => world.Machine(Machine).TryFault(Name, What, rehearse: false);
    }
}
