namespace Mirage.Storage;

/// <summary>Which pages are free. Its pages are read when they are first needed, and then kept: a bit twice for each
/// page of the store.</summary>
internal sealed class CowMap
{
    private readonly CowDevice _device;
    private readonly CowLayout _layout;
    private readonly CowMapEntry[][] _entries;
    private readonly CowMapPage?[] _maps;
    private readonly Dictionary<(int Level, int Index), CowMapEntry> _written = [];
    private int _at; // The page of the map to take from next, and the bit in it.
    private int _bit;

    private CowMap(CowDevice device, CowLayout layout)
    {
        (_device, _layout, _maps) = (device, layout, new CowMapPage?[layout.Count(0)]);
        _entries = [.. Enumerable.Range(0, layout.Levels).Select(level => new CowMapEntry[layout.Count(level)])];
    }

    /// <summary>Pages that can be taken now.</summary>
    public long Free { get; private set; }

    /// <summary>The map of a root: its indexes are read, the bits are not.</summary>
    public static async ValueTask<CowAnswer<CowMap>> Open(CowDevice device, CowLayout layout, CowMapEntry top)
    {
        var map = new CowMap(device, layout);
        map._entries[^1][0] = top;
        for (var level = layout.Levels - 1; level > 0; level--)
        {
            for (var index = 0; index < layout.Count(level); index++)
            {
                if (await map.ReadIndex(level, index) is { } fault)
                    return fault;
            }
        }

        map.Free = map.FreeOf(layout.Levels - 1, 0);
        return map.Free <= layout.DataPages ? map : new CowFault.Corrupt(0, "more pages are free than there are");
    }

    /// <summary>Takes free pages, in as few runs as lie next, if <paramref name="spare"/> are left then.</summary>
    public async ValueTask<CowAnswer<List<CowRun>>> Take(int count, long spare)
    {
        var runs = new List<CowRun>();
        if (Free < count + spare)
            return new CowFault.NoSpace();
        // Each once, and where it began again, for what lies before.
        for (var visited = 0; count > 0 && visited <= _maps.Length; visited++)
        {
            var at = _at;
            if ((await Map(at)).Failed(out var fault, out var map))
            {
                Release(runs);
                return fault;
            }

            var bit = at == _at ? _bit : 0;
            var taken = map.Take(ref bit, count, FirstOf(at), runs);
            (count, Free) = (count - taken, Free - taken);
            (_at, _bit) = bit < map.Bits ? (at, bit) : ((at + 1) % _maps.Length, 0);
        }

        if (count == 0)
            return runs;
        Release(runs);
        return new CowFault.NoSpace();
    }

    /// <summary>Gives back pages that no root needs.</summary>
    public void Release(IReadOnlyList<CowRun> runs)
    {
        foreach (var run in runs)
        {
            Each(run, static (map, bit) => map.Set(bit, map.IsLive(bit), isHeld: false));
            Free += run.Count;
        }
    }

    /// <summary>The next root needs what was <paramref name="taken"/> and not what it <paramref name="freed"/>, which
    /// stays held until <see cref="Release"/>.</summary>
    public async ValueTask<CowFault?> Apply(IReadOnlyList<CowRun> taken, IReadOnlyList<CowRun> freed)
    {
        foreach (var run in freed.Concat(taken))
        {
            for (var at = MapOf(run.Page); at <= MapOf(run.Page + run.Count - 1); at++)
            {
                if ((await Map(at)).Failed(out var fault, out _))
                    return fault;
            }
        }

        foreach (var run in taken)
            Each(run, static (map, bit) => map.Set(bit, isLive: true, isHeld: false));
        for (var index = 0; index < freed.Count; index++)
        {
            if (AllLive(freed[index]))
            {
                Each(freed[index], static (map, bit) => map.Set(bit, isLive: false, isHeld: true));
                continue;
            }

            // A page that is free already, or given back twice: the tree and the map contradict each other.
            foreach (var run in freed.Take(index))
                Each(run, static (map, bit) => map.Set(bit, isLive: true, isHeld: false));
            foreach (var run in taken)
                Each(run, static (map, bit) => map.Set(bit, isLive: false, isHeld: true));
            return new CowFault.Corrupt(freed[index].Page, "it is in use, and free as well");
        }

        return null;
    }

    /// <summary>Takes back what <see cref="Apply"/> did, and what was taken before it.</summary>
    public void Undo(IReadOnlyList<CowRun> taken, IReadOnlyList<CowRun> freed)
    {
        foreach (var run in freed)
            Each(run, static (map, bit) => map.Set(bit, isLive: true, isHeld: false));
        foreach (var run in taken)
        {
            Each(run, static (map, bit) => map.Set(bit, isLive: false, isHeld: false));
            Free += run.Count;
        }

        _written.Clear();
    }

    /// <summary>Writes what differs, each page where its older version is, and gives the entry for the slot.</summary>
    public async ValueTask<CowAnswer<CowMapEntry>> Write(ulong generation)
    {
        _written.Clear();
        var dirty = new SortedSet<int>(Enumerable.Range(0, _maps.Length).Where(at => _maps[at] is { IsDirty: true }));
        for (var level = 0; level < _layout.Levels; level++)
        {
            foreach (var index in dirty)
            {
                if (await Write(level, index, generation) is { } fault)
                    return fault;
            }

            dirty = [.. dirty.Select(index => index / _layout.EntriesPerIndex)];
        }

        return Entry(_layout.Levels - 1, 0);
    }

    /// <summary>What was written counts.</summary>
    public void Accept()
    {
        foreach (var ((level, index), entry) in _written)
        {
            _entries[level][index] = entry;
            if (level == 0)
                _maps[index]!.IsDirty = false;
        }

        _written.Clear();
    }

    private async ValueTask<CowFault?> Write(int level, int index, ulong generation)
    {
        var place = _entries[level][index] is { Generation: > 0, Place: 0 } ? 1 : 0;
        var page = _layout.Place(level, index, place);
        var bytes = new byte[_layout.PageSize];
        CowPointer pointer;
        int free;
        if (level == 0)
            (pointer, free) = (_maps[index]!.Emit(bytes, page, generation), _maps[index]!.Free);
        else
            pointer = EmitIndex(bytes, level, index, generation, page, out free);
        _written[(level, index)] = new(generation, pointer.Checksum, free, place);
        return await _device.Write(page * _layout.PageSize, [bytes]);
    }

    private CowPointer EmitIndex(Span<byte> bytes, int level, int index, ulong generation, long page, out int free)
    {
        var (first, end, at) = (index * _layout.EntriesPerIndex, EndBelow(level, index), CowFormat.HeaderSize);
        free = 0;
        for (var below = first; below < end; below++, at += CowMapEntry.Size)
        {
            Entry(level - 1, below).Write(bytes[at..]);
            free += FreeOf(level - 1, below);
        }

        return new CowHeader(CowHeader.Index, (byte)level, end - first, generation, page, at).Emit(bytes);
    }

    private async ValueTask<CowFault?> ReadIndex(int level, int index)
    {
        if (_entries[level][index].Generation == 0)
            return null;
        var (first, end) = (index * _layout.EntriesPerIndex, EndBelow(level, index));
        var bytes = new byte[_layout.PageSize];
        var pointer = PointerOf(level, index);
        if (await _device.Read(pointer.Page * _layout.PageSize, bytes) is { } fault)
            return fault;
        if (CowHeader.Parse(bytes, pointer, out var wrong) is not { } header)
            return new CowFault.Corrupt(pointer.Page, wrong);
        var used = CowFormat.HeaderSize + ((end - first) * CowMapEntry.Size);
        if (header.Kind != CowHeader.Index || header.Level != level
            || header.Count != end - first || header.Used != used)
            return new CowFault.Corrupt(pointer.Page, "it is no index of maps");
        var free = 0L;
        for (var below = first; below < end; below++)
        {
            _entries[level - 1][below] = CowMapEntry.Read(
                bytes.AsSpan(CowFormat.HeaderSize + ((below - first) * CowMapEntry.Size)));
            free += FreeOf(level - 1, below);
        }

        return free == _entries[level][index].Free ? null : new CowFault.Corrupt(pointer.Page, "its sums are wrong");
    }

    private async ValueTask<CowAnswer<CowMapPage>> Map(int at)
    {
        if (_maps[at] is { } known)
            return known;
        var bits = _layout.Covers(0, at);
        if (_entries[0][at].Generation == 0)
            return _maps[at] = new(bits);
        var bytes = new byte[_layout.PageSize];
        var (pointer, free) = (PointerOf(0, at), _entries[0][at].Free);
        var fault = await _device.Read(pointer.Page * _layout.PageSize, bytes);
        // Somebody else may have read it meanwhile, and commits have changed it and overwritten what was read here.
        if (_maps[at] is { } newer)
            return newer;
        if (fault is not null)
            return fault;
        if (CowMapPage.Parse(bytes, pointer, bits).Failed(out fault, out var map))
            return fault;
        if (map.Free != free)
            return new CowFault.Corrupt(pointer.Page, "its sum is wrong");
        return _maps[at] = map;
    }

    private void Each(CowRun run, Action<CowMapPage, int> act)
    {
        for (var page = run.Page; page < run.Page + run.Count; page++)
            act(_maps[MapOf(page)]!, (int)((page - _layout.FirstData) % _layout.BitsPerMap));
    }

    private bool AllLive(CowRun run)
    {
        var all = true;
        Each(run, (map, bit) => all &= map.IsLive(bit));
        return all;
    }

    private CowMapEntry Entry(int level, int index) =>
        _written.TryGetValue((level, index), out var written) ? written : _entries[level][index];

    private int FreeOf(int level, int index) =>
        Entry(level, index) is { Generation: > 0 } entry ? entry.Free : _layout.Covers(level, index);

    private CowPointer PointerOf(int level, int index) =>
        _entries[level][index] is var entry
            ? new(_layout.Place(level, index, entry.Place), entry.Generation, entry.Checksum)
            : default;

    private int EndBelow(int level, int index) =>
        Math.Min((index + 1) * _layout.EntriesPerIndex, _layout.Count(level - 1));

    private int MapOf(long page) => (int)((page - _layout.FirstData) / _layout.BitsPerMap);

    private long FirstOf(int at) => _layout.FirstData + ((long)at * _layout.BitsPerMap);
}
