namespace Mirage.Storage;

/// <summary>The entries of a directory, in memory while it is looked at or changed.</summary>
internal sealed class FatFolder(byte[] bytes)
{
    /// <summary>The most entries of a directory (Microsoft 1.03).</summary>
    public const int EntriesMax = 65536;

    private byte[] _bytes = bytes;

    /// <summary>All bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    private int Count => _bytes.Length / FatEntry.Size;

    /// <summary>Reads the named entries. Long names that contradict their entry are passed over, and so are labels and
    /// the two that lead back.</summary>
    public IEnumerable<FatItem> Items()
    {
        var first = -1;
        for (var index = 0; index < Count; index++)
        {
            var slot = Slot(index);
            if (slot.Span[0] == FatEntry.End)
                yield break;
            var isLongName = (slot.Span[11] & 0x3F) == FatEntry.LongName;
            if (slot.Span[0] == FatEntry.Erased || (!isLongName && (slot.Span[11] & FatEntry.VolumeLabel) != 0))
            {
                first = -1;
                continue;
            }

            if (isLongName)
            {
                // The first one in a row says so: what comes before it belongs to nobody.
                first = (slot.Span[0] & 0x40) != 0 ? index : first;
                continue;
            }

            var entry = FatEntry.Read(slot.Span);
            var name = first < 0
                ? null
                : FatLongName.Read(Slots(first, index), FatLongName.Sum(entry.Short));
            if (name is null || !FatNames.IsName(name))
                (name, first) = (FatNames.Read(entry), index);
            if (entry.Short is not (".          " or "..         "))
                yield return new(name, entry, first, index);
            first = -1;
        }
    }

    /// <summary>The entry of that name.</summary>
    public FatItem? Find(string name)
    {
        foreach (var item in Items())
        {
            if (item.Name == name)
                return item;
        }

        return null;
    }

    /// <summary>How many entries a name takes, and the short name.</summary>
    public static int Need(string name) => FatNames.IsShort(name, out _) ? 1 : FatLongName.Entries(name) + 1;

    /// <summary>The number of the first of so many free entries in a row; where there are none, where they would
    /// begin if the directory were longer.</summary>
    public int Room(int need)
    {
        var (first, index) = (0, 0);
        for (; index < Count && index - first < need; index++)
        {
            var mark = _bytes[index * FatEntry.Size];
            if (mark == FatEntry.End)
                return first;
            if (mark != FatEntry.Erased)
                first = index + 1;
        }

        return first;
    }

    /// <summary>Makes the directory longer.</summary>
    public void Grow(int size) => Array.Resize(ref _bytes, _bytes.Length + size);

    /// <summary>Puts a name where there is room, and gives the number of the entry itself.</summary>
    public int Put(string name, FatEntry entry)
    {
        var need = Need(name);
        var at = Room(need);
        var isAtEnd = at + need < Count && Enumerable.Range(at, need)
            .Any(index => _bytes[index * FatEntry.Size] == FatEntry.End);
        if (!FatNames.IsShort(name, out var shortName))
        {
            shortName = FatNames.Generate(name, Items().Select(static item => item.Entry.Short).ToHashSet());
            FatLongName.Emit(name, FatLongName.Sum(shortName), _bytes.AsSpan(at * FatEntry.Size));
        }

        var last = at + need - 1;
        (entry with { Short = shortName }).Emit(_bytes.AsSpan(last * FatEntry.Size));
        // What lies behind an end is rubbish: the end moves on.
        if (isAtEnd)
            _bytes[(last + 1) * FatEntry.Size] = FatEntry.End;
        return last;
    }

    /// <summary>Changes an entry and leaves its names.</summary>
    public void Replace(FatItem item, FatEntry entry) => (entry with
    {
        Short = item.Entry.Short,
        CaseBits = item.Entry.CaseBits,
    }).Emit(_bytes.AsSpan(item.Last * FatEntry.Size));

    /// <summary>Frees the entries of a name.</summary>
    public void Erase(FatItem item)
    {
        for (var index = item.First; index <= item.Last; index++)
            _bytes[index * FatEntry.Size] = FatEntry.Erased;
    }

    /// <summary>The bytes of a new directory: itself, and the one that holds it, the root as 0.</summary>
    public static byte[] New(int size, uint own, uint parent, uint stamp)
    {
        var bytes = new byte[size];
        new FatEntry(".          ", FatEntry.Directory, 0, own, 0, stamp).Emit(bytes);
        new FatEntry("..         ", FatEntry.Directory, 0, parent, 0, stamp).Emit(bytes.AsSpan(FatEntry.Size));
        return bytes;
    }

    /// <summary>Says which directory holds this one.</summary>
    public void MoveTo(uint parent)
    {
        var place = _bytes.AsSpan(FatEntry.Size);
        (FatEntry.Read(place) with { Cluster = parent }).Emit(place);
    }

    private ReadOnlyMemory<byte> Slot(int index) => _bytes.AsMemory(index * FatEntry.Size, FatEntry.Size);

    private ReadOnlySpan<byte> Slots(int first, int end) =>
        _bytes.AsSpan(first * FatEntry.Size, (end - first) * FatEntry.Size);
}
