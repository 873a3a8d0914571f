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

    public void Unpin(CowRoot root)
    {
        if (--root.Readers > 0 || root == Newest)
            return;
        _read.Remove(root);
        root.Freed.ForEach(Free);
    }

    /// <summary>Another root is durable, which does not need what was <paramref name="freed"/>.</summary>
    public void Replace(CowRoot next, List<CowRun> freed)
    {
        if (Newest.Readers > 0)
            _read.Add(Newest);
        Newest = next;
        freed.ForEach(Free);
    }

    // A page is needed by the roots from the one that it was written for to the one before the one that freed it.
    private void Free(CowRun run)
    {
        if (_read.FindLast(root => root.Slot.Generation >= run.Born) is { } reader)
            reader.Freed.Add(run);
        else
            map.Release([run]);
    }
}
