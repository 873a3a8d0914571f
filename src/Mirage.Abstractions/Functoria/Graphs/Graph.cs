namespace Mirage;

/// <summary>All devices, keys and choices of a unikernel, the branches not taken included, each once.</summary>
internal sealed class Graph
{
    private Graph(GraphDevice root, GraphBuilder builder) =>
        (Root, Devices, Keys) = (root, builder.Devices, builder.Keys);

    public GraphDevice Root { get; }

    public IReadOnlyDictionary<Type, GraphDevice> Devices { get; }

    /// <summary>The keys by full name, in the order in which they were found, those of the boot last.</summary>
    public IReadOnlyDictionary<string, GraphKey> Keys { get; }

    /// <summary>Folds the graph below <paramref name="root"/>. Nothing is connected.</summary>
    /// <exception cref="GraphException">A cycle, two keys of one name, a choice that a device decides.</exception>
    public static Graph Fold(IDeviceNode root, IReadOnlyList<IKey> common)
    {
        var builder = new GraphBuilder();
        var device = builder.Device(root);
        foreach (var key in common)
            builder.Key(key, group: "");
        return new(device, builder);
    }
}
