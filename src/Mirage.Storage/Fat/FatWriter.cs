namespace Mirage.Storage;

/// <summary>Changes a FAT volume, in the order that does the least harm when the power goes: contents, then the FAT,
/// then the entry that says that they are there, then what it no longer needs, with flushes between.</summary>
/// <remarks>A cut leaves the value before or after, and at worst clusters that nobody owns; in a rename it may leave
/// both names. What is refused changes nothing.</remarks>
internal sealed class FatWriter<TBlock>(FatVolume<TBlock> volume) where TBlock : struct, IBlock<TBlock>
{
    private readonly FatTable _table = volume.Table;
    private readonly int _clusterSize = volume.Boot.ClusterSize;

    /// <summary>Sets a value at a key that is no dictionary and not below a value, and gives its entry.</summary>
    public async ValueTask<(KvWriteError? Error, FatEntry Entry)> Set(
        KvKey key, ReadOnlyMemory<byte> value, uint stamp)
    {
        var place = new FatPlace(key);
        if (await Find(place) is { } error)
            return (error, default);
        var count = Clusters(value.Length);
        if (Plan(place, count) is { } refusal)
            return (refusal, default);
        var clusters = _table.Take(count);
        var entry = new FatEntry("", FatEntry.Archive, 0, count == 0 ? 0 : clusters[0], (uint)value.Length, stamp);
        var padded = new byte[(value.Length + volume.Boot.SectorSize - 1) / volume.Boot.SectorSize
            * volume.Boot.SectorSize];
        value.CopyTo(padded);
        if (await volume.Write(clusters, padded) is { } failure)
            return (Failed(key, failure), default);
        return (await Link(place, entry), entry);
    }

    /// <summary>Removes what is at a key, or everything for the root.</summary>
    public async ValueTask<KvWriteError?> Remove(KvKey key)
    {
        var place = new FatPlace(key.IsRoot ? KvKey.Root / "all" : key);
        if (await Find(place) is { } error)
            return error;
        var items = key.IsRoot ? place.Folder.Items().ToList() : [place.Folder.Find(key.Basename)!.Value];
        if (items.Count == 0)
            return null;
        var (chains, failure) = await Chains(items);
        if (failure is not null)
            return Failed(key, failure);
        items.ForEach(place.Folder.Erase);
        return await Finish(key, place, items[^1].Last, chains);
    }

    /// <summary>Moves what is at a key to one at which a value may be.</summary>
    public async ValueTask<KvWriteError?> Rename(KvKey source, KvKey target)
    {
        var (from, to) = (new FatPlace(source), new FatPlace(target));
        if (await Find(from) is { } lost)
            return lost;
        var item = from.Folder.Find(source.Basename)!.Value;
        // Another writing of its own name is no other name.
        to.Moved = source.Parent == target.Parent ? item.Name : null;
        if ((await Find(to) ?? Plan(to, 0)) is { } refusal)
            return refusal;
        if (await Link(to, item.Entry, item.Entry.IsDirectory ? item.Entry.Cluster : 0) is { } error)
            return error;
        from = new FatPlace(source);
        if (await Find(from) is { } again)
            return again;
        item = from.Folder.Find(source.Basename)!.Value;
        from.Folder.Erase(item);
        return await Finish(source, from, item.Last, []);
    }

    private static KvWriteError.Read Failed(KvKey key, BlockError failure) =>
        new(new KvError.Block(key, failure));

    private long Clusters(long bytes) => (bytes + _clusterSize - 1) / _clusterSize;

    // Goes down to the last directory on the way that is there.
    private async ValueTask<KvWriteError?> Find(FatPlace place)
    {
        while (true)
        {
            var (bytes, failure) = await volume.ReadFolder(place.Directory);
            if (failure is not null)
                return Failed(place.Key, failure);
            place.Open(bytes);
            if (place.IsLast || place.Folder.Find(place.Name) is not { } item)
                return null;
            place.Enter(item.Entry.Cluster);
        }
    }

    // Sees that the names can be, and that there is room for the directories that are missing and for the entry.
    private KvWriteError? Plan(FatPlace place, long clusters)
    {
        foreach (var name in place.Missing)
        {
            if (FatNames.Refusal(name) is { } reason)
                return new KvWriteError.BadName(place.Key, reason);
        }

        if (place.Folder.Find(place.Name) is null)
        {
            var folded = FatNames.Folded(place.Name);
            foreach (var item in place.Folder.Items())
            {
                if (item.Name != place.Moved && (FatNames.Folded(item.Name) == folded
                    || FatNames.Folded(FatNames.Read(item.Entry)) == folded))
                    return new KvWriteError.BadName(place.Key, $"FAT takes it for the name {item.Name}");
            }

            var need = place.Folder.Room(FatFolder.Need(place.Name)) + FatFolder.Need(place.Name);
            var missing = ((long)need * FatEntry.Size) - place.Folder.Bytes.Length;
            place.Growth = missing > 0 ? Clusters(missing) : 0;
            if (need > FatFolder.EntriesMax || (missing > 0 && volume.IsFixed(place.Directory)))
                return new KvWriteError.NoSpace(place.Key);
        }

        // A new directory has the two entries that lead back, and one name.
        place.NewClusters = [.. place.Missing.Skip(1)
            .Select(name => Clusters((2 + FatFolder.Need(name)) * (long)FatEntry.Size))];
        return clusters + place.Growth + place.NewClusters.Sum() > _table.Free
            ? new KvWriteError.NoSpace(place.Key)
            : null;
    }

    // Makes the missing directories, each with the next one in it, and puts the outermost of what is new in place.
    private async ValueTask<KvWriteError?> Link(FatPlace place, FatEntry entry, uint moved = 0)
    {
        var names = place.Missing;
        var chains = place.NewClusters.Select(count => _table.Take(count)).ToList();
        uint holder = chains.Count > 0 ? chains[^1][0] : place.Directory;
        if (moved != 0 && await MoveTo(moved, holder) is { } unmoved)
            return Failed(place.Key, unmoved);
        for (var index = chains.Count - 1; index >= 0; index--)
        {
            var own = chains[index];
            var parent = index > 0 ? chains[index - 1][0] : place.Directory;
            var folder = new FatFolder(FatFolder.New(own.Count * _clusterSize, own[0], parent, entry.Stamp));
            folder.Put(names[index + 1], entry);
            if (await volume.Write(own, folder.Bytes) is { } unwritten)
                return Failed(place.Key, unwritten);
            entry = new FatEntry("", FatEntry.Directory, 0, own[0], 0, entry.Stamp);
        }

        if (await Grow(place) is { } failure)
            return Failed(place.Key, failure);
        if (await volume.WriteTable() is { } broken)
            return Failed(place.Key, broken);
        List<uint> old = [];
        int last;
        if (place.Folder.Find(place.Name) is { } there)
        {
            place.Folder.Replace(there, entry);
            (last, old) = (there.Last, [there.Entry.Cluster]);
        }
        else
            last = place.Folder.Put(place.Name, entry with { CaseBits = 0 });
        return await Finish(place.Key, place, last, old);
    }

    // Zeros first: what a chain has is read.
    private async ValueTask<BlockError?> Grow(FatPlace place)
    {
        if (place.Growth == 0)
            return null;
        var last = volume.Chain(place.Directory).Clusters[^1];
        var added = _table.Take(place.Growth, last);
        place.Folder.Grow(added.Count * _clusterSize);
        place.Before = place.Folder.Bytes.ToArray();
        return await volume.Write(added, new byte[added.Count * _clusterSize]);
    }

    private async ValueTask<BlockError?> MoveTo(uint directory, uint holder)
    {
        var (bytes, failure) = await volume.ReadFolder(directory);
        if (failure is not null)
            return failure;
        var folder = new FatFolder([.. bytes]);
        folder.MoveTo(holder);
        return await volume.WriteFolder(directory, bytes, folder.Bytes, 0);
    }

    private async ValueTask<KvWriteError?> Finish(KvKey key, FatPlace place, int last, List<uint> freed)
    {
        var failure = await volume.WriteFolder(place.Directory, place.Before, place.Folder.Bytes, last);
        if (failure is null && freed.Exists(static first => first != 0))
        {
            freed.ForEach(_table.Release);
            failure = await volume.WriteTable();
        }

        return failure is null ? null : Failed(key, failure);
    }

    // The chains of these and of all below them.
    private async ValueTask<(List<uint> Chains, BlockError? Error)> Chains(List<FatItem> items)
    {
        var (chains, left) = (new List<uint>(), new Stack<FatItem>(items));
        while (left.TryPop(out var item))
        {
            chains.Add(item.Entry.Cluster);
            if (!item.Entry.IsDirectory)
                continue;
            var (bytes, failure) = await volume.ReadFolder(item.Entry.Cluster);
            if (failure is not null)
                return (chains, failure);
            foreach (var below in new FatFolder(bytes).Items())
                left.Push(below);
        }

        return (chains, null);
    }
}
