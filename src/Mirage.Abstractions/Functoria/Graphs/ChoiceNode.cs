namespace Mirage;

/// <summary>One of several values, chosen by keys; the others are not made.</summary>
internal sealed class ChoiceNode<T>(Impl<int> selector, IReadOnlyList<(string Label, Impl<T> Branch)> branches)
    : Impl<T>, IChoiceNode
{
    public override string? Label => null;

    public override IReadOnlyList<INode> Needs => [selector, .. branches.Select(static branch => branch.Branch)];

    public Impl<int> Selector => selector;

    public IReadOnlyList<(string Label, INode Branch)> Branches =>
        [.. branches.Select(static branch => (branch.Label, (INode)branch.Branch))];

    internal override async ValueTask<T> Make(Connector connector) =>
        await branches[await selector.Make(connector)].Branch.Make(connector);
}
