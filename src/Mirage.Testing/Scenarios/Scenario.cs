namespace Mirage.Testing;

/// <summary>A world, what goes on in it and what must hold: what seeds are tried on. One object is one run.</summary>
/// <remarks>
/// A run has two parts. For <see cref="Duration"/> the faults of a plan happen; whatever they are, what is wrong must
/// not happen. Then everything is healed and every machine is on, and what is right must happen within
/// <see cref="SettleLimit"/>.
/// </remarks>
public abstract class Scenario
{
    /// <summary>What files and messages call it.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>How long faults go on.</summary>
    public virtual TimeSpan Duration => TimeSpan.FromSeconds(60);

    /// <summary>How long it may take, once all is well, until <see cref="IsSettled"/>.</summary>
    public virtual TimeSpan SettleLimit => TimeSpan.FromMinutes(5);

    /// <summary>How often <see cref="Check"/> is called while time passes.</summary>
    public virtual TimeSpan CheckInterval => TimeSpan.FromSeconds(1);

    /// <summary>Makes machines and networks, and begins programs.</summary>
    public abstract void Build(SimWorld world);

    /// <summary>The faults that <paramref name="random"/> gives. Inject only what is claimed to be survived.</summary>
    public virtual FaultPlan DrawFaults(SimWorld world, SplitMix64 random) => FaultPlan.None;

    /// <summary>Fails, by <see cref="SimFailureException"/>, when something is wrong that must never be.</summary>
    public virtual void Check(SimWorld world) { }

    /// <summary>Whether what must happen once all is well has happened.</summary>
    public virtual bool IsSettled(SimWorld world) => true;

    /// <summary>Looks at the end of a run that settled.</summary>
    public virtual void CheckEnd(SimWorld world) { }
}
