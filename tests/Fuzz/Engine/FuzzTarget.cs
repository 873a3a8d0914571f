using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Something that takes bytes from a stranger, and what must hold whatever they are.</summary>
/// <param name="name">What the command line and the corpus call it.</param>
internal abstract class FuzzTarget(string name)
{
    public string Name => name;

    /// <summary>Bytes that one input of that length may allocate, whatever is in it.</summary>
    public virtual long AllocationMax(int length) => (1 << 20) + (512L * length);

    /// <summary>Inputs that a short run in the tests takes.</summary>
    public virtual int ShortRun => 4000;

    /// <summary>What a short run has to come to: a run that never does shows nothing of it.</summary>
    public virtual IReadOnlyList<string> Reaches => [];

    /// <summary>What was come to so far.</summary>
    public HashSet<string> Reached { get; } = [];

    /// <summary>An input that is mostly well-formed.</summary>
    public abstract byte[] Generate(SplitMix64 random);

    /// <summary>Takes one input. Whatever it throws is a find.</summary>
    public abstract void Run(ReadOnlySpan<byte> input);

    public sealed override string ToString() => Name;

    protected void Reach(string what) => Reached.Add(what);
}
