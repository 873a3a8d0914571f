namespace Mirage;

/// <summary>Writes what a boot makes as an indented tree. A device that several need is written out once.</summary>
internal sealed class DescribeText(TextWriter writer, Plan plan, Settings settings)
{
    private readonly HashSet<GraphNode> _written = [];

    public void Write(GraphNode node, int depth = 0)
    {
        switch (node)
        {
            case GraphDevice device:
                var isFirst = _written.Add(device);
                Line(depth, isFirst || device.Needs.Count == 0 ? device.Name : $"{device.Name} (shared, see above)");
                if (isFirst)
                    Write(device.Needs, depth + 1);
                break;
            case GraphKey key:
                Line(depth, KeyText.WithValue(key, settings));
                break;
            case GraphChoice choice:
                WriteChoice(choice, depth);
                break;
        }
    }

    private void WriteChoice(GraphChoice choice, int depth)
    {
        if (plan.Branch(choice) is not { } taken)
        {
            Line(depth, "choice, not decided");
            Write(choice.Condition, depth + 1);
            return;
        }

        var (label, needs) = choice.Branches[taken];
        var others = choice.Branches.Where((_, index) => index != taken).Select(static branch => branch.Label);
        Line(depth, $"choice: {label} (not {Sentence.Or([.. others])})");
        Write(choice.Condition, depth + 1);
        Write(needs, depth + 1);
    }

    private void Write(List<GraphNode> needs, int depth)
    {
        foreach (var need in needs)
            Write(need, depth);
    }

    private void Line(int depth, string text)
    {
        for (var level = 0; level < depth; level++)
            writer.Write("  ");
        writer.Write(text);
        writer.Write('\n');
    }
}
