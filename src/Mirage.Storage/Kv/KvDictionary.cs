using System.Collections.Immutable;
using System.Text;

namespace Mirage.Storage;

/// <summary>The names in a dictionary of a <see cref="KvTree"/>, in ordinal order.</summary>
internal sealed class KvDictionary : KvNode
{
    private readonly ImmutableSortedDictionary<string, KvNode> _children;

    private KvDictionary(ImmutableSortedDictionary<string, KvNode> children, long bytes) =>
        (_children, Bytes) = (children, bytes);

    public static KvDictionary Empty { get; } =
        new(ImmutableSortedDictionary<string, KvNode>.Empty.WithComparers(StringComparer.Ordinal), 0);

    public override KvKind Kind => KvKind.Dictionary;

    public override long Bytes { get; }

    public IEnumerable<KeyValuePair<string, KvNode>> Children => _children;

    public KvNode? Find(string name) => _children.GetValueOrDefault(name);

    /// <summary>The dictionary with that node under a name, or without the name.</summary>
    public KvDictionary With(string name, KvNode? node)
    {
        var bytes = Bytes - Take(name, Find(name)) + Take(name, node);
        return node is null
            ? new(_children.Remove(name), bytes)
            : new(_children.SetItem(name, node), bytes);
    }

    private static long Take(string name, KvNode? node) =>
        node is null ? 0 : Encoding.UTF8.GetByteCount(name) + node.Bytes;
}
