namespace Mirage.Storage;

/// <summary>A node that is being changed, by one <see cref="CowEdit"/> alone.</summary>
internal sealed class CowDraft : CowNode
{
    private readonly List<CowEntry> _entries;

    public CowDraft(CowEdit owner, int level, params ReadOnlySpan<CowEntry> entries)
    {
        (Owner, Level, _entries) = (owner, level, new(entries.Length + 1));
        foreach (var entry in entries)
            Insert(_entries.Count, entry);
    }

    public CowDraft(CowEdit owner, CowNode from)
    {
        (Owner, Level, _entries) = (owner, from.Level, new(from.Count + 1));
        Append(from, default);
    }

    public CowEdit Owner { get; }

    public override int Level { get; }

    public override int Count => _entries.Count;

    /// <summary>Bytes of its rows on a page.</summary>
    public int Size { get; private set; }

    /// <summary>The page that it was put on.</summary>
    public CowPointer Pointer { get; set; }

    public override ReadOnlyMemory<byte> Key(int index) => _entries[index].Key;

    public override ReadOnlyMemory<byte> Value(int index) => _entries[index].Value;

    public override CowLink Child(int index) => _entries[index].Child;

    public void Insert(int index, in CowEntry entry)
    {
        _entries.Insert(index, entry);
        Size += CowPage.SizeOf(entry, IsLeaf);
    }

    public void Replace(int index, in CowEntry entry)
    {
        Size += CowPage.SizeOf(entry, IsLeaf) - CowPage.SizeOf(_entries[index], IsLeaf);
        _entries[index] = entry;
    }

    public void SetChild(int index, CowLink child) => _entries[index] = new(_entries[index].Key, default, child);

    public void Remove(int index, int count = 1)
    {
        for (var each = index; each < index + count; each++)
            Size -= CowPage.SizeOf(_entries[each], IsLeaf);
        _entries.RemoveRange(index, count);
    }

    /// <summary>Takes all rows of the node to its right, before which <paramref name="separator"/> stood.</summary>
    public void Append(CowNode right, ReadOnlyMemory<byte> separator)
    {
        for (var index = 0; index < right.Count; index++)
        {
            var key = index == 0 && !IsLeaf ? separator : right.Key(index);
            Insert(Count, IsLeaf ? new(key, right.Value(index), default) : new(key, default, right.Child(index)));
        }
    }

    /// <summary>Keeps the first half of the bytes, and gives a node with the others, and what stands before
    /// it.</summary>
    public CowDraft Split(out ReadOnlyMemory<byte> separator)
    {
        var (index, left) = (0, 0);
        while (index < Count - 1 && (index == 0 || left < Size / 2))
            left += CowPage.SizeOf(_entries[index++], IsLeaf);
        separator = IsLeaf ? Between(_entries[index - 1].Key, _entries[index].Key) : _entries[index].Key;
        var right = new CowDraft(Owner, Level);
        for (var each = index; each < Count; each++)
            right.Insert(right.Count, each == index && !IsLeaf ? new(default, default, Child(each)) : _entries[each]);
        Remove(index, Count - index);
        return right;
    }

    protected override ReadOnlySpan<byte> KeySpan(int index) => _entries[index].Key.Span;

    // The shortest key that is greater than the one and not greater than the other.
    private static ReadOnlyMemory<byte> Between(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) =>
        right[..(left.Span.CommonPrefixLength(right.Span) + 1)];
}
