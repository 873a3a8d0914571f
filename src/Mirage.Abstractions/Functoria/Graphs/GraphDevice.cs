namespace Mirage;

/// <summary>A device in a folded graph: one for each closed type.</summary>
internal sealed class GraphDevice(IDeviceNode node) : GraphNode
{
    /// <summary>The name for readers.</summary>
    public string Name { get; } = NameOf(node.Type, node.Group);

    /// <summary>The group of its keys; empty for none.</summary>
    public string Group { get; } = node.Group;

    /// <summary>The one value that says how it is made.</summary>
    public INode Impl { get; } = node.Describe();

    /// <summary>What it is made from, each once, in order.</summary>
    public List<GraphNode> Needs { get; } = [];

    /// <summary>
    /// The type's name without its arguments, which are mostly the devices below and would be read there a second time,
    /// and with the group, which tells two of a kind apart.
    /// </summary>
    public static string NameOf(Type type, string group)
    {
        var end = type.Name.IndexOf('`', StringComparison.Ordinal);
        var name = end < 0 ? type.Name : type.Name[..end];
        return group.Length == 0 ? name : $"{name}({group})";
    }
}
