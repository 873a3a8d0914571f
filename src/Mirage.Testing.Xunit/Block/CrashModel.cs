namespace Mirage.Testing;

/// <summary>What a device may hold after a power cut: what was flushed, and any of what was written since, each atomic
/// unit for itself.</summary>
internal sealed class CrashModel(BlockInfo info)
{
    private readonly Dictionary<long, byte[]> _durable = [];
    private readonly List<(long Sector, List<byte[]> Bytes)> _unflushed = [];

    /// <summary>The sectors of which something is known.</summary>
    public IEnumerable<long> Sectors => _durable.Keys.Order();

    /// <summary>What a sector held at first.</summary>
    public void Begin(long sector, byte[] bytes) => _durable[sector] = bytes;

    /// <summary>A write was begun: from now on it may be there.</summary>
    public void Write(long sector, ReadOnlySpan<byte> bytes, bool eachAlone = false)
    {
        for (var first = true; !bytes.IsEmpty; sector++, bytes = bytes[info.SectorSize..], first = false)
        {
            if (first || eachAlone || sector % info.AtomicSectors == 0)
                _unflushed.Add((sector, []));
            _unflushed[^1].Bytes.Add(bytes[..info.SectorSize].ToArray());
        }
    }

    /// <summary>A flush has succeeded.</summary>
    public void Flush()
    {
        foreach (var (sector, bytes) in _unflushed)
        {
            for (var index = 0; index < bytes.Count; index++)
                _durable[sector + index] = bytes[index];
        }

        _unflushed.Clear();
    }

    /// <summary>Each sector that was not written since it was flushed is as it was.</summary>
    public void ExpectFlushed(LawRun run, Dictionary<long, byte[]> seen)
    {
        foreach (var (sector, bytes) in seen)
        {
            if (!_unflushed.Exists(write => Covers(write, sector)) && !bytes.AsSpan().SequenceEqual(_durable[sector]))
                run.Fail($"sector {sector}, flushed, holds {BlockPattern.Describe(_durable[sector])}",
                    BlockPattern.Describe(bytes));
        }
    }

    /// <summary>Each atomic unit that was written since the last flush is as one of the writes made it, or as
    /// before.</summary>
    public void ExpectOldOrNew(LawRun run, Dictionary<long, byte[]> seen)
    {
        var open = seen.Keys.Where(sector => _unflushed.Exists(write => Covers(write, sector))).ToHashSet();
        // From the last write to land back to the first: what it covers is explained, and it could not have landed
        // later than one that shows.
        while (_unflushed.Find(write => Explains(write, open, seen)) is { Bytes: not null } write)
            open.RemoveWhere(sector => Covers(write, sector));
        foreach (var sector in open.Order())
        {
            if (seen[sector].AsSpan().SequenceEqual(_durable[sector]))
                continue;
            var writes = _unflushed.Where(write => Covers(write, sector)).ToList();
            if (writes.Exists(write => seen[sector].AsSpan().SequenceEqual(At(write, sector))))
                run.Fail($"the {info.AtomicSectors} sectors around sector {sector} are old or new as one",
                    $"sector {sector} is new and another one is old");
            var allowed = writes.Select(write => At(write, sector)).Prepend(_durable[sector]);
            run.Fail($"sector {sector} holds {string.Join(" or ", allowed.Select(Describe).Distinct())}",
                Describe(seen[sector]));
        }
    }

    private static string Describe(byte[] bytes) => BlockPattern.Describe(bytes);

    private static bool Covers((long Sector, List<byte[]> Bytes) write, long sector) =>
        sector >= write.Sector && sector < write.Sector + write.Bytes.Count;

    private static byte[] At((long Sector, List<byte[]> Bytes) write, long sector) =>
        write.Bytes[(int)(sector - write.Sector)];

    private static bool Explains(
        (long Sector, List<byte[]> Bytes) write, HashSet<long> open, Dictionary<long, byte[]> seen)
    {
        var shows = false;
        for (var index = 0; index < write.Bytes.Count; index++)
        {
            if (!open.Contains(write.Sector + index))
                continue;
            if (!seen[write.Sector + index].AsSpan().SequenceEqual(write.Bytes[index]))
                return false;
            shows = true;
        }

        return shows;
    }
}
