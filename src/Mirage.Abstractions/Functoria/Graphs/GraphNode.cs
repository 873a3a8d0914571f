namespace Mirage;

/// <summary>A node of a folded graph. Those that only combine others are gone: their needs stand in for them.</summary>
internal abstract class GraphNode;
