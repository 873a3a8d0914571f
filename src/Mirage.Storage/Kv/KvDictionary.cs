using System.Collections.Immutable;
using System.Text;

namespace Mirage.Storage;

/// <summary>The names in a dictionary of a <see cref="KvTree"/>, in ordinal order.</summary>
internal sealed class KvDictionary : KvNode
{
    // A set, since it gives a child by its place too: a page of many children begins without those before it.
    private readonly ImmutableSortedSet<Child> _children;

    private KvDictionary(ImmutableSortedSet<Child> children, long bytes) => (_children, Bytes) = (children, bytes);

    public static KvDictionary Empty { get; } = new(ImmutableSortedSet.Create<Child>(new ByName()), 0);

    public override KvKind Kind => KvKind.Dictionary;

    public override long Bytes { get; }

    public KvNode? Find(string name) => _children.TryGetValue(new(name, null), out var child) ? child.Node : null;

    /// <summary>The children in a range.</summary>
    public IEnumerable<(string Name, KvNode Node)> In(KvRange range)
    {
        var first = range.From is null ? 0 : _children.IndexOf(new(range.From, null));
        first = first < 0 ? ~first : first; // The place where the name would be.
        var end = first + Math.Min(range.Max ?? int.MaxValue, _children.Count - first);
        for (var index = first; index < end && range.Contains(_children[index].Name); index++)
            yield return (_children[index].Name, _children[index].Node!);
    }

    /// <summary>The dictionary with that node under a name, or without the name.</summary>
    public KvDictionary With(string name, KvNode? node)
    {
        var bytes = Bytes - Take(name, Find(name)) + Take(name, node);
        var others = _children.Remove(new(name, null));
        return new(node is null ? others : others.Add(new(name, node)), bytes);
    }

    private static long Take(string name, KvNode? node) =>
        node is null ? 0 : Encoding.UTF8.GetByteCount(name) + node.Bytes;

    /// <summary>A name, and in the set what it stands for.</summary>
    private readonly record struct Child(string Name, KvNode? Node);

    private sealed class ByName : IComparer<Child>
    {
        public int Compare(Child x, Child y) => string.CompareOrdinal(x.Name, y.Name);
    }
}
