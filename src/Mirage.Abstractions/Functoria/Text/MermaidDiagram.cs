namespace Mirage;

/// <summary>
/// A Mermaid flowchart: devices are boxes, keys rounded, choices circles whose branches are dotted
/// and the taken one bold.
/// </summary>
internal sealed class MermaidDiagram(TextWriter writer) : IDiagram
{
    public void Begin()
    {
        Line("flowchart TD");
        Line("  classDef faint stroke-dasharray:4,color:gray");
    }

    public void Node(string id, GraphNode node, string label, bool isTaken)
    {
        var text = Quote(label);
        var shape = node switch
        {
            GraphDevice => $"[{text}]",
            GraphKey => $"([{text}])",
            _ => $"(({text}))",
        };
        Line($"  {id}{shape}{(isTaken ? "" : ":::faint")}");
    }

    public void Edge(string from, string to, string? label, DiagramEdge edge)
    {
        var arrow = edge switch
        {
            DiagramEdge.Taken => "==>",
            DiagramEdge.NotTaken => "-.->",
            _ => "-->",
        };
        Line($"  {from} {arrow}{(label is null ? "" : $"|{Quote(label)}|")} {to}");
    }

    public void End() { }

    private static string Quote(string text) => $"\"{text
        .Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal)}\"";

    private void Line(string text) => writer.Write(text + "\n");
}
