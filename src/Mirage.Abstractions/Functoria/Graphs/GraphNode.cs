namespace Mirage;

/// <summary>A node of a folded graph. Nodes that only combine others are gone: their needs stand in their place.</summary>
internal abstract class GraphNode;
