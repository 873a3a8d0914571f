namespace Mirage;

/// <summary>A language in which a graph is drawn.</summary>
internal interface IDiagram
{
    void Begin();

    /// <summary>Draws a node. One that the boot does not make is drawn faint.</summary>
    void Node(string id, GraphNode node, string label, bool isTaken);

    void Edge(string from, string to, string? label, DiagramEdge edge);

    void End();
}
