namespace Mirage.Storage;

/// <summary>A node of the tree: rows in the order of their keys in a leaf, children above. The first key of a branch is
/// empty; child <c>i</c> has the keys from key <c>i</c> up to key <c>i + 1</c>.</summary>
internal abstract class CowNode
{
    public abstract int Level { get; }

    public abstract int Count { get; }

    public bool IsLeaf => Level == 0;

    public abstract ReadOnlyMemory<byte> Key(int index);

    /// <summary>Of a leaf.</summary>
    public abstract ReadOnlyMemory<byte> Value(int index);

    /// <summary>Of a branch.</summary>
    public abstract CowLink Child(int index);

    /// <summary>The first row whose key is not less, and whether it has that key.</summary>
    public int Search(ReadOnlySpan<byte> key, out bool found)
    {
        var (low, high) = (0, Count);
        found = false;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = KeySpan(middle).SequenceCompareTo(key);
            if (order < 0)
                low = middle + 1;
            else
                (high, found) = (middle, found | order == 0);
        }

        return low;
    }

    /// <summary>The child that has a key, if any has.</summary>
    public int ChildOf(ReadOnlySpan<byte> key)
    {
        var index = Search(key, out var found);
        return found ? index : Math.Max(0, index - 1);
    }

    protected abstract ReadOnlySpan<byte> KeySpan(int index);
}
