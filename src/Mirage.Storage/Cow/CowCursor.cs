namespace Mirage.Storage;

/// <summary>A place among the rows of a tree that nobody changes meanwhile.</summary>
internal sealed class CowCursor(CowPages pages, CowLink root)
{
    private readonly List<(CowNode Node, int Index)> _path = [];

    /// <summary>The row, if it has not come to the end.</summary>
    public bool IsAtRow { get; private set; }

    public ReadOnlyMemory<byte> Key => _path[^1].Node.Key(_path[^1].Index);

    public ReadOnlyMemory<byte> Value => _path[^1].Node.Value(_path[^1].Index);

    /// <summary>Goes to the first row whose key is not less.</summary>
    public async ValueTask<CowFault?> Seek(ReadOnlyMemory<byte> key)
    {
        _path.Clear();
        IsAtRow = false;
        if (root.IsNone)
            return null;
        if (await Descend(root, CowPages.AnyLevel, key) is { } fault)
            return fault;
        var (leaf, index) = _path[^1];
        IsAtRow = index < leaf.Count;
        return IsAtRow ? null : await Climb();
    }

    /// <summary>Goes to the next row.</summary>
    public async ValueTask<CowFault?> Next()
    {
        var (leaf, index) = _path[^1];
        var before = Key;
        if (index + 1 < leaf.Count)
        {
            _path[^1] = (leaf, index + 1);
            return null;
        }

        if (await Climb() is { } fault)
            return fault;
        // Leaves that are not in order could be gone through for ever.
        return IsAtRow && Key.Span.SequenceCompareTo(before.Span) <= 0
            ? new CowFault.Corrupt(0, "its rows are out of order")
            : null;
    }

    // To the first row of the next leaf.
    private async ValueTask<CowFault?> Climb()
    {
        IsAtRow = false;
        _path.RemoveAt(_path.Count - 1);
        while (_path.Count > 0)
        {
            var (node, index) = _path[^1];
            if (index + 1 < node.Count)
            {
                _path[^1] = (node, index + 1);
                IsAtRow = true;
                return await Descend(node.Child(index + 1), node.Level - 1, default);
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return null;
    }

    private async ValueTask<CowFault?> Descend(CowLink link, int level, ReadOnlyMemory<byte> key)
    {
        while (true)
        {
            if ((await pages.Load(link, level)).Failed(out var fault, out var node))
            {
                IsAtRow = false;
                return fault;
            }

            var index = node.IsLeaf ? node.Search(key.Span, out _) : node.ChildOf(key.Span);
            _path.Add((node, index));
            if (node.IsLeaf)
                return null;
            (link, level) = (node.Child(index), node.Level - 1);
        }
    }
}
