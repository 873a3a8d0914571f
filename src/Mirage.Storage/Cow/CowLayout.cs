namespace Mirage.Storage;

/// <summary>What is where: slots, the two places of each page of the map, level by level, and then data.</summary>
internal sealed class CowLayout
{
    private readonly long[] _bases;
    private readonly int[] _counts;

    public CowLayout(int pageSize, long pages)
    {
        (PageSize, Pages) = (pageSize, pages);
        BitsPerMap = (pageSize - CowFormat.HeaderSize) * 8;
        EntriesPerIndex = (pageSize - CowFormat.HeaderSize) / CowMapEntry.Size;
        var (bases, counts) = (new List<long>(), new List<int>());
        var next = (long)CowSlot.Reserved / pageSize;
        var count = (int)((pages + BitsPerMap - 1) / BitsPerMap);
        while (true)
        {
            bases.Add(next);
            counts.Add(count);
            next += 2L * count;
            if (count <= 1)
                break;
            count = (count + EntriesPerIndex - 1) / EntriesPerIndex;
        }

        (_bases, _counts, FirstData) = ([.. bases], [.. counts], next);
    }

    public int PageSize { get; }

    public long Pages { get; }

    /// <summary>Data pages that one page of the map tells of.</summary>
    public int BitsPerMap { get; }

    /// <summary>Pages of the level below that one page of an index tells of.</summary>
    public int EntriesPerIndex { get; }

    /// <summary>The page after the map.</summary>
    public long FirstData { get; }

    public long DataPages => Math.Max(0, Pages - FirstData);

    /// <summary>Levels of the map; level 0 has the bits.</summary>
    public int Levels => _counts.Length;

    /// <summary>Pages on a level of the map.</summary>
    public int Count(int level) => _counts[level];

    /// <summary>The page at which a page of the map is in one of its two places.</summary>
    public long Place(int level, int index, int place) => _bases[level] + (2L * index) + place;

    /// <summary>Data pages that a page of the map tells of, those below it included.</summary>
    public int Covers(int level, int index)
    {
        var each = (long)BitsPerMap;
        for (var below = 0; below < level; below++)
            each *= EntriesPerIndex;
        return (int)Math.Clamp(DataPages - (index * each), 0, each);
    }

    public bool IsData(long page, long count) => page >= FirstData && count > 0 && page <= Pages - count;
}
