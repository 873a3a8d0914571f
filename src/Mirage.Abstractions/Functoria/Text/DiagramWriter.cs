using System.Globalization;

namespace Mirage;

/// <summary>Draws a graph, branches not taken included: each node once, then its arrows.</summary>
internal sealed class DiagramWriter(IDiagram diagram, Plan plan, Settings settings)
{
    private readonly Dictionary<GraphNode, string> _ids = [];

    public void Write(GraphNode root)
    {
        diagram.Begin();
        Visit(root);
        diagram.End();
    }

    private string Visit(GraphNode node)
    {
        if (_ids.TryGetValue(node, out var known))
            return known;

        var id = string.Create(CultureInfo.InvariantCulture, $"n{_ids.Count}");
        _ids.Add(node, id);
        var label = node switch
        {
            GraphDevice device => device.Name,
            GraphKey key => KeyText.WithValue(key, settings),
            _ => "?",
        };
        diagram.Node(id, node, label, plan.IsTaken(node));
        if (node is GraphDevice { Needs: var needs })
            Edges(id, needs, null, DiagramEdge.Need);
        else if (node is GraphChoice choice)
            Edges(id, choice);
        return id;
    }

    private void Edges(string from, GraphChoice choice)
    {
        Edges(from, choice.Condition, null, DiagramEdge.Need);
        for (var index = 0; index < choice.Branches.Count; index++)
        {
            var (label, needs) = choice.Branches[index];
            Edges(from, needs, label, plan.Branch(choice) == index ? DiagramEdge.Taken : DiagramEdge.NotTaken);
        }
    }

    private void Edges(string from, List<GraphNode> needs, string? label, DiagramEdge edge)
    {
        foreach (var need in needs)
            diagram.Edge(from, Visit(need), label, edge);
    }
}
