namespace Mirage;

/// <summary>What a boot makes of a graph with the settings given: the branches taken, and what they lead to.</summary>
internal sealed class Plan
{
    private readonly HashSet<GraphNode> _taken = [];
    private readonly Dictionary<GraphChoice, int> _branches = [];
    private readonly List<GraphKey> _missing = [];
    private readonly Connector _connector;

    private Plan(Connector connector) => _connector = connector;

    /// <summary>The required keys that the boot needs and that have no value.</summary>
    public IReadOnlyList<GraphKey> Missing => _missing;

    /// <summary>Decides every choice that is reached from the root of <paramref name="graph"/>.</summary>
    public static Plan Make(Graph graph, Connector connector)
    {
        var plan = new Plan(connector);
        plan.Visit(graph.Root);
        return plan;
    }

    /// <summary>Whether the boot makes this node.</summary>
    public bool IsTaken(GraphNode node) => _taken.Contains(node);

    /// <summary>The branch that is taken, or null when a required key that decides is missing.</summary>
    public int? Branch(GraphChoice choice) => _branches.TryGetValue(choice, out var branch) ? branch : null;

    private void Visit(GraphNode node)
    {
        if (!_taken.Add(node))
            return;

        switch (node)
        {
            case GraphDevice device:
                device.Needs.ForEach(Visit);
                break;
            case GraphKey key when _connector.Settings.Find(key) is null:
                _missing.Add(key);
                break;
            case GraphChoice choice:
                choice.Condition.ForEach(Visit);
                Decide(choice);
                break;
        }
    }

    private void Decide(GraphChoice choice)
    {
        int branch;
        try
        {
            branch = _connector.Decide(choice);
        }
        catch (MissingKeyException)
        {
            return; // The key is among the missing ones already, which end the boot.
        }

        _branches.Add(choice, branch);
        choice.Branches[branch].Needs.ForEach(Visit);
    }
}
