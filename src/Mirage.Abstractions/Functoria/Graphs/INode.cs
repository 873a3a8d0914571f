namespace Mirage;

/// <summary>A node of the device graph, for those who fold it without running it.</summary>
public interface INode
{
    /// <summary>The device's type or the key's name; null for a node that only combines others.</summary>
    string? Label { get; }

    /// <summary>What this node is made from, in order.</summary>
    IReadOnlyList<INode> Needs { get; }
}
