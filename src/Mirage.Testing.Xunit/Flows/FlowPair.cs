namespace Mirage.Testing;

/// <summary>Both ends of a connection, and its two streams.</summary>
internal sealed class FlowPair(LawRun run, IFlow one, IFlow other)
{
    public IFlow One => one;

    public IFlow Other => other;

    public LawStream Forth { get; } = new(run, "stream forth", one.Output, other.Input);

    public LawStream Back { get; } = new(run, "stream back", other.Output, one.Input);
}
