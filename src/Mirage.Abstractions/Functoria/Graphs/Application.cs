namespace Mirage;

/// <summary>A node that combines others.</summary>
internal sealed class Application<T>(IReadOnlyList<INode> needs, Func<Connector, ValueTask<T>> make) : Impl<T>
{
    public override string? Label => null;

    public override IReadOnlyList<INode> Needs => needs;

    internal override ValueTask<T> Make(Connector connector) => make(connector);
}
