using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>A node as it is on a page, which never changes.</summary>
/// <remarks>
/// <code>
///   0        32                     32 + 2 × count
///   | header | offset of each entry | entries, close together, in the order of keys | zeros
///   leaf entry:   | key length: 2 | value length: 2 | key | value |
///   branch entry: | key length: 2 | pointer: 20     | key |
/// </code></remarks>
internal sealed class CowPage : CowNode
{
    private const int LeafPrefix = 4, BranchPrefix = 2 + CowPointer.Size;

    private readonly byte[] _bytes;

    private CowPage(byte[] bytes, CowHeader header, CowPointer pointer) =>
        (_bytes, Level, Count, Pointer) = (bytes, header.Level, header.Count, pointer);

    public CowPointer Pointer { get; }

    public override int Level { get; }

    public override int Count { get; }

    public int Size => _bytes.Length;

    /// <summary>The node on a page, or why it cannot be the one that <paramref name="pointer"/> means.</summary>
    public static CowAnswer<CowPage> Parse(byte[] bytes, CowPointer pointer)
    {
        if (CowHeader.Parse(bytes, pointer, out var wrong) is not { } header)
            return new CowFault.Corrupt(pointer.Page, wrong);
        var isLeaf = header.Level == 0;
        if (header.Kind != (isLeaf ? CowHeader.Leaf : CowHeader.Branch) || header.Level > CowFormat.LevelMax
            || header.Count == 0 || CowFormat.HeaderSize + (2 * header.Count) > header.Used)
            return new CowFault.Corrupt(pointer.Page, "it is no node");
        var page = new CowPage(bytes, header, pointer);
        return page.IsSound(header.Used) ? page : new CowFault.Corrupt(pointer.Page, "its rows do not fit together");
    }

    /// <summary>Puts a draft on a page, and gives the node that it is there. The pages of its children are known.
    /// </summary>
    public static CowPage Emit(CowDraft draft, long page, ulong generation, int pageSize)
    {
        var bytes = new byte[pageSize];
        var at = CowFormat.HeaderSize + (2 * draft.Count);
        for (var index = 0; index < draft.Count; index++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CowFormat.HeaderSize + (2 * index)), (ushort)at);
            var key = draft.Key(index).Span;
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)key.Length);
            if (draft.IsLeaf)
            {
                var value = draft.Value(index).Span;
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), (ushort)value.Length);
                key.CopyTo(bytes.AsSpan(at + LeafPrefix));
                value.CopyTo(bytes.AsSpan(at + LeafPrefix + key.Length));
                at += LeafPrefix + key.Length + value.Length;
            }
            else
            {
                var child = draft.Child(index);
                (child.Draft?.Pointer ?? child.Pointer).Write(bytes.AsSpan(at + 2));
                key.CopyTo(bytes.AsSpan(at + BranchPrefix));
                at += BranchPrefix + key.Length;
            }
        }

        var kind = draft.IsLeaf ? CowHeader.Leaf : CowHeader.Branch;
        var header = new CowHeader(kind, (byte)draft.Level, draft.Count, generation, page, at);
        return new(bytes, header, header.Emit(bytes));
    }

    /// <summary>Bytes of a row on a page.</summary>
    public static int SizeOf(in CowEntry entry, bool isLeaf) =>
        2 + entry.Key.Length + (isLeaf ? LeafPrefix + entry.Value.Length : BranchPrefix);

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public override ReadOnlyMemory<byte> Key(int index) => _bytes.AsMemory(KeyAt(index), Length(index));

    public override ReadOnlyMemory<byte> Value(int index)
    {
        var (at, key) = (Offset(index), Length(index));
        return _bytes.AsMemory(at + LeafPrefix + key, Number(at + 2));
    }

    public override CowLink Child(int index) => CowPointer.Read(_bytes.AsSpan(Offset(index) + 2));

    protected override ReadOnlySpan<byte> KeySpan(int index) => _bytes.AsSpan(KeyAt(index), Length(index));

    private bool IsSound(int used)
    {
        var at = CowFormat.HeaderSize + (2 * Count);
        for (var index = 0; index < Count; index++)
        {
            var prefix = IsLeaf ? LeafPrefix : BranchPrefix;
            if (Offset(index) != at || used - at < prefix)
                return false;
            var key = Number(at);
            var end = at + prefix + key + (IsLeaf ? Number(at + 2) : 0);
            var isFirst = index == 0 && !IsLeaf;
            if (end > used || key > CowFormat.KeyMax || (isFirst ? key != 0 : key == 0)
                || (IsLeaf && (key <= sizeof(long) || Number(at + 2) > CowFormat.RowMax(Size)))
                || (index > 0 && KeySpan(index - 1).SequenceCompareTo(_bytes.AsSpan(at + prefix, key)) >= 0))
                return false;
            at = end;
        }

        return at == used;
    }

    private int Offset(int index) => Number(CowFormat.HeaderSize + (2 * index));

    private int KeyAt(int index) => Offset(index) + (IsLeaf ? LeafPrefix : BranchPrefix);

    private int Length(int index) => Number(Offset(index));

    private int Number(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));
}
