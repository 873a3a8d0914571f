namespace Mirage.Storage;

/// <summary>The newest root, and the older ones that somebody still reads: their pages are not free.</summary>
internal sealed class CowRoots(CowMap map, CowRoot first)
{
    // From the oldest that is read to the newest.
    private readonly Queue<CowRoot> _roots = new([first]);

    public CowRoot Newest { get; private set; } = first;

    /// <summary>The newest root, which stays as it is until <see cref="Unpin"/>.</summary>
    public CowRoot Pin()
    {
        Newest.Readers++;
        return Newest;
    }

    public void Unpin(CowRoot root)
    {
        root.Readers--;
        Release();
    }

    public void Replace(CowRoot next, IReadOnlyList<CowRun> freed)
    {
        Newest.Freed = freed;
        Newest = next;
        _roots.Enqueue(next);
        Release();
    }

    // What a root needs and the next one does not is free when nobody reads it, or one before it.
    private void Release()
    {
        while (_roots.Peek() is { Readers: 0 } oldest && oldest != Newest)
            map.Release(_roots.Dequeue().Freed);
    }
}
