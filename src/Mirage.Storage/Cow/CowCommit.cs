namespace Mirage.Storage;

/// <summary>Makes a transaction durable: first its pages and the map, then a flush, then the slot, then another
/// flush.</summary>
internal sealed class CowCommit(CowDevice device, CowPages pages, CowMap map)
{
    private readonly int _pageSize = pages.Layout.PageSize;

    /// <summary>Whether it is unknown which of two roots the next start will find: nothing may be written any
    /// more.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>Nothing may be written any more.</summary>
    public void Doubt() => IsInDoubt = true;

    /// <summary>The slot of the new root. After a fault the old one counts, and everything is as it was.</summary>
    public async ValueTask<CowAnswer<CowSlot>> Write(CowSlot before, CowTransaction transaction, long time)
    {
        var drafts = new List<CowDraft>();
        Collect(transaction.Root, drafts);
        if ((await map.Take(drafts.Count, 0)).Failed(out var fault, out var runs))
        {
            map.Release(transaction.Taken);
            return fault;
        }

        var taken = new List<CowRun>(transaction.Taken.Concat(runs));
        var generation = transaction.Generation;
        if (await map.Apply(taken, transaction.Freed) is { } contradiction)
        {
            map.Release(taken);
            return contradiction;
        }

        var nodes = Place(drafts, runs, generation);
        fault = await WriteNodes(nodes, runs);
        var top = default(CowMapEntry);
        if (fault is null && (await map.Write(generation)).Failed(out fault, out top) is false)
            fault = await Flush();
        if (fault is not null)
        {
            map.Undo(taken, transaction.Freed);
            return fault;
        }

        var root = transaction.Root.Draft?.Pointer ?? transaction.Root.Pointer;
        var slot = before with
        {
            Generation = generation,
            NextId = transaction.NextId,
            Root = root,
            Map = top,
            Time = time,
        };
        fault = await Write(slot);
        if (fault is not null)
            return fault;
        map.Accept();
        foreach (var node in nodes)
            pages.Add(node);
        return slot;
    }

    /// <summary>Writes both copies of a slot, durably.</summary>
    public async ValueTask<CowFault?> Write(CowSlot slot)
    {
        var sector = new byte[Math.Max(CowSlot.Size, device.Info.SectorSize)];
        slot.Emit(sector);
        // Both at once: one flush covers them.
        var first = device.Write(CowSlot.Place(slot.Generation, 0), [sector]);
        var second = device.Write(CowSlot.Place(slot.Generation, 1), [sector]);
        var fault = await first;
        fault = await second ?? fault;
        fault ??= await device.Flush();
        IsInDoubt = fault is not null;
        return fault;
    }

    // A flush that failed says of no write whether it is durable, and nor does a later one.
    private async ValueTask<CowFault?> Flush()
    {
        var fault = await device.Flush();
        IsInDoubt = fault is not null;
        return fault;
    }

    // Children before what has their pointers.
    private static void Collect(CowLink link, List<CowDraft> drafts)
    {
        if (link.Draft is not { } draft)
            return;
        for (var index = 0; !draft.IsLeaf && index < draft.Count; index++)
            Collect(draft.Child(index), drafts);
        drafts.Add(draft);
    }

    private List<CowPage> Place(List<CowDraft> drafts, List<CowRun> runs, ulong generation)
    {
        var nodes = new List<CowPage>(drafts.Count);
        foreach (var run in runs)
        {
            for (var page = run.Page; page < run.Page + run.Count; page++)
            {
                var draft = drafts[nodes.Count];
                var node = CowPage.Emit(draft, page, generation, _pageSize);
                draft.Pointer = node.Pointer;
                nodes.Add(node);
            }
        }

        return nodes;
    }

    private async ValueTask<CowFault?> WriteNodes(List<CowPage> nodes, List<CowRun> runs)
    {
        var written = 0;
        foreach (var run in runs)
        {
            var buffers = nodes.GetRange(written, run.Count).ConvertAll(static node => node.Bytes);
            if (await device.Write(run.Page * _pageSize, buffers) is { } fault)
                return fault;
            written += run.Count;
        }

        return null;
    }
}
