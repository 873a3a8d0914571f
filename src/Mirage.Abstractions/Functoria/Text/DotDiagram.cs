namespace Mirage;

/// <summary>
/// Graphviz: devices are boxes, keys ellipses, choices circles whose branches are dotted and the taken one bold.
/// </summary>
internal sealed class DotDiagram(TextWriter writer) : IDiagram
{
    public void Begin() => Line("digraph unikernel {");

    public void Node(string id, GraphNode node, string label, bool isTaken)
    {
        var shape = node switch
        {
            GraphDevice => "box",
            GraphKey => "ellipse",
            _ => "circle",
        };
        var faint = isTaken ? "" : ", style=dashed, color=gray, fontcolor=gray";
        Line($"  {id} [shape={shape}, label=\"{Escape(label)}\"{faint}];");
    }

    public void Edge(string from, string to, string? label, DiagramEdge edge)
    {
        var style = edge switch
        {
            DiagramEdge.Taken => "bold",
            DiagramEdge.NotTaken => "dotted",
            _ => "solid",
        };
        Line($"  {from} -> {to} [style={style}{(label is null ? "" : $", label=\"{Escape(label)}\"")}];");
    }

    public void End() => Line("}");

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private void Line(string text) => writer.Write(text + "\n");
}
