namespace Mirage;

/// <summary>A choice in a folded graph.</summary>
internal sealed class GraphChoice(IChoiceNode node, GraphDevice owner) : GraphNode
{
    public IChoiceNode Node => node;

    /// <summary>The device whose making this is part of: its group is that of the keys here.</summary>
    public GraphDevice Owner => owner;

    /// <summary>The keys that decide.</summary>
    public List<GraphNode> Condition { get; } = [];

    /// <summary>The branches with what each is made from.</summary>
    public List<(string Label, List<GraphNode> Needs)> Branches { get; } = [];
}
