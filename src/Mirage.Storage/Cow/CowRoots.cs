namespace Mirage.Storage;

/// <summary>The newest root, and the older ones that somebody still reads: their pages are not free.</summary>
internal sealed class CowRoots(CowMap map, CowRoot first)
{
    // Older ones that are read, the oldest first.
    private readonly List<CowRoot> _read = [];

    public CowRoot Newest { get; private set; } = first;

    /// <summary>The newest root, which stays as it is until <see cref="Unpin"/>.</summary>
    public CowRoot Pin()
    {
        Newest.Readers++;
        return Newest;
    }

    /// <summary>A root that is pinned already, for one more reader.</summary>
    public static void Pin(CowRoot root) => root.Readers++;

    public void Unpin(CowRoot root)
    {
        if (--root.Readers > 0 || root == Newest)
            return;
        _read.Remove(root);
        root.Freed.ForEach(run => Free(run, root.Slot.Generation));
    }

    /// <summary>Another root is durable, which does not need what was <paramref name="freed"/>.</summary>
    public void Replace(CowRoot next, List<CowRun> freed)
    {
        if (Newest.Readers > 0)
            _read.Add(Newest);
        Newest = next;
        freed.ForEach(run => Free(run, next.Slot.Generation));
    }

    // A page is needed by the roots from the one that it was written for to the one before the one that freed it. Of
    // those, the roots from "before" on are done with.
    private void Free(CowRun run, ulong before)
    {
        if (_read.FindLast(root => root.Slot.Generation < before) is { } reader && reader.Slot.Generation >= run.Born)
            reader.Freed.Add(run);
        else
            map.Release([run]);
    }
}
