namespace Mirage.Storage;

/// <summary>The nodes of a store, from the cache or the device.</summary>
internal sealed class CowPages(CowDevice device, CowLayout layout, CowCache cache)
{
    // What is asked of a root: any level.
    public const int AnyLevel = -1;

    public CowLayout Layout => layout;

    /// <summary>The node that a link means. One on another level than <paramref name="level"/> is damage: that is what
    /// bounds every way down.</summary>
    public ValueTask<CowAnswer<CowNode>> Load(CowLink link, int level)
    {
        if (link.Draft is { } draft)
            return new(draft);
        return cache.Find(link.Pointer) is { } page ? new(Leveled(page, level)) : Read(link.Pointer, level);
    }

    public void Add(CowPage page) => cache.Add(page);

    /// <summary>The value of a row, or null.</summary>
    public async ValueTask<CowAnswer<ReadOnlyMemory<byte>?>> Find(CowLink root, ReadOnlyMemory<byte> key)
    {
        var level = AnyLevel;
        for (var link = root; !link.IsNone;)
        {
            if ((await Load(link, level)).Failed(out var fault, out var node))
                return fault;
            if (node.IsLeaf)
            {
                var index = node.Search(key.Span, out var found);
                return found ? node.Value(index) : default(ReadOnlyMemory<byte>?);
            }

            (link, level) = (node.Child(node.ChildOf(key.Span)), node.Level - 1);
        }

        return default(ReadOnlyMemory<byte>?);
    }

    private async ValueTask<CowAnswer<CowNode>> Read(CowPointer pointer, int level)
    {
        if (!layout.IsData(pointer.Page, 1))
            return new CowFault.Corrupt(pointer.Page, "there is no such page");
        var bytes = new byte[layout.PageSize];
        if (await device.Read(pointer.Page * layout.PageSize, bytes) is { } fault)
            return fault;
        if (CowPage.Parse(bytes, pointer).Failed(out fault, out var page))
            return fault;
        cache.Add(page);
        return Leveled(page, level);
    }

    private static CowAnswer<CowNode> Leveled(CowPage page, int level) => level == AnyLevel || page.Level == level
        ? page
        : new CowFault.Corrupt(page.Pointer.Page, $"it is on level {page.Level} and not {level}");
}
