namespace Mirage.Storage;

/// <summary>One change of a tree, made beside it: given up, it leaves nothing. The path from the root to a row that
/// changes is copied, the rest is shared.</summary>
/// <remarks>It belongs to one writer. What it makes are drafts; a commit puts them on pages.</remarks>
internal sealed class CowEdit(CowPages pages, CowLink root, long nextId, ulong generation)
{
    private readonly List<(CowNode Node, int Index)> _path = [];
    private readonly int _capacity = pages.Layout.PageSize - CowFormat.HeaderSize;

    public CowLink Root { get; private set; } = root;

    /// <summary>The id of the next dictionary or value in chunks.</summary>
    public long NextId { get; private set; } = nextId;

    /// <summary>Pages that the tree does not need any more.</summary>
    public List<CowRun> Freed { get; } = [];

    /// <summary>Pages that were taken and written for it.</summary>
    public List<CowRun> Taken { get; } = [];

    /// <summary>How many more drafts there are than before.</summary>
    public int Drafts { get; private set; }

    public CowPages Pages => pages;

    /// <summary>The generation of the commit that it will be a part of.</summary>
    public ulong Generation => generation;

    public bool IsChanged { get; private set; }

    public long MakeId() => NextId++;

    public ValueTask<CowAnswer<ReadOnlyMemory<byte>?>> Find(ReadOnlyMemory<byte> key) => pages.Find(Root, key);

    /// <summary>Puts a row, in the place of the one that has its key.</summary>
    public async ValueTask<CowFault?> Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        IsChanged = true;
        var row = new CowEntry(key, value, default);
        if (Root.IsNone)
        {
            (Root, Drafts) = (new CowDraft(this, 0, row), Drafts + 1);
            return null;
        }

        if (await Descend(key) is { } fault)
            return fault;
        var leaf = Own(_path.Count - 1);
        var index = leaf.Search(key.Span, out var found);
        if (found)
            leaf.Replace(index, row);
        else
            leaf.Insert(index, row);
        return await Rise();
    }

    /// <summary>Removes the row of a key; none is no fault.</summary>
    public async ValueTask<CowFault?> Remove(ReadOnlyMemory<byte> key)
    {
        if (Root.IsNone)
            return null;
        if (await Descend(key) is { } fault)
            return fault;
        var index = _path[^1].Node.Search(key.Span, out var found);
        if (!found)
            return null;
        IsChanged = true;
        Own(_path.Count - 1).Remove(index);
        return await Rise();
    }

    /// <summary>Removes the rows from <paramref name="from"/> on whose keys begin with <paramref name="prefix"/>, and
    /// gives their values to <paramref name="removed"/>.</summary>
    public async ValueTask<CowFault?> RemoveAll(
        ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> prefix, Action<ReadOnlyMemory<byte>> removed)
    {
        var last = ReadOnlyMemory<byte>.Empty;
        while (!Root.IsNone)
        {
            if (await Descend(from) is { } fault)
                return fault;
            var leaf = _path[^1].Node;
            var first = leaf.Search(from.Span, out _);
            if (first == leaf.Count)
            {
                // The next leaf, if any, has what follows.
                var above = _path.FindLastIndex(static step => !step.Node.IsLeaf && step.Index + 1 < step.Node.Count);
                if (above < 0)
                    return null;
                from = _path[above].Node.Key(_path[above].Index + 1);
                continue;
            }

            var end = first;
            for (; end < leaf.Count && leaf.Key(end).Span.StartsWith(prefix.Span); end++)
            {
                // One page that is below many branches would be gone through for each way to it.
                if (leaf.Key(end).Span.SequenceCompareTo(last.Span) <= 0)
                    return new CowFault.Corrupt(0, "its rows are out of order");
                last = leaf.Key(end);
                removed(leaf.Value(end));
            }

            if (end == first)
                return null;
            IsChanged = true;
            Own(_path.Count - 1).Remove(first, end - first);
            if (await Rise() is { } failed)
                return failed;
        }

        return null;
    }

    private async ValueTask<CowFault?> Descend(ReadOnlyMemory<byte> key)
    {
        _path.Clear();
        var (link, level) = (Root, CowPages.AnyLevel);
        while (true)
        {
            if ((await pages.Load(link, level)).Failed(out var fault, out var node))
                return fault;
            if (node.IsLeaf)
            {
                _path.Add((node, 0));
                return null;
            }

            var index = node.ChildOf(key.Span);
            _path.Add((node, index));
            (link, level) = (node.Child(index), node.Level - 1);
        }
    }

    // The node of the path at a depth, to be changed here.
    private CowDraft Own(int depth)
    {
        var (node, index) = _path[depth];
        var draft = Own(node);
        _path[depth] = (draft, index);
        return draft;
    }

    private CowDraft Own(CowNode node)
    {
        if (node is CowDraft mine && mine.Owner == this)
            return mine;
        if (node is CowPage page)
        {
            Freed.Add(new(page.Pointer.Page, 1, page.Pointer.Generation));
            Drafts++;
        }

        return new CowDraft(this, node);
    }

    // Tells every node above of what became of the leaf, which may have become two, or one with its neighbour.
    private async ValueTask<CowFault?> Rise()
    {
        for (var depth = _path.Count - 1; depth > 0; depth--)
        {
            var draft = (CowDraft)_path[depth].Node;
            var (parent, index) = (Own(depth - 1), _path[depth - 1].Index);
            parent.SetChild(index, draft);
            if (draft.Size > _capacity)
                Split(parent, index, draft);
            else if (draft.Size < _capacity / 4 && parent.Count > 1)
            {
                if (await Merge(parent, index, draft) is { } fault)
                    return fault;
            }
            else if (draft.Count == 0)
            {
                parent.Remove(index);
                Drafts--;
            }
        }

        return Settle((CowDraft)_path[0].Node);
    }

    private void Split(CowDraft parent, int index, CowDraft draft)
    {
        var right = draft.Split(out var separator);
        Drafts++;
        parent.Insert(index + 1, new(separator, default, right));
    }

    private async ValueTask<CowFault?> Merge(CowDraft parent, int index, CowDraft draft)
    {
        var left = index > 0 ? index - 1 : index;
        var neighbour = parent.Child(index > 0 ? left : index + 1);
        if ((await pages.Load(neighbour, draft.Level)).Failed(out var fault, out var other))
            return fault;
        var whole = Own(index > 0 ? other : draft);
        var right = index > 0 ? draft : other;
        whole.Append(right, parent.Key(left + 1));
        if (right is CowPage page)
            Freed.Add(new(page.Pointer.Page, 1, page.Pointer.Generation));
        else
            Drafts--;
        parent.Remove(left + 1);
        parent.SetChild(left, whole);
        if (whole.Size > _capacity)
            Split(parent, left, whole);
        return null;
    }

    private CowFault.NoSpace? Settle(CowDraft top)
    {
        if (top.Count == 0)
        {
            (Root, Drafts) = (default, Drafts - 1);
            return null;
        }

        if (top.Size > _capacity)
        {
            if (top.Level == CowFormat.LevelMax)
                return new CowFault.NoSpace();
            var above = new CowDraft(this, top.Level + 1, new CowEntry(default, default, top));
            Drafts++;
            Split(above, 0, top);
            top = above;
        }

        Root = top;
        if (top is { IsLeaf: false, Count: 1 })
        {
            // What is alone below needs nothing above.
            (Root, Drafts) = (top.Child(0), Drafts - 1);
        }

        return null;
    }
}
