using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The bytes of a store: taken from a disk, put on one, forged.</summary>
internal sealed class CowKvImage
{
    private const int Page = 4096;

    private readonly byte[] _bytes;

    private CowKvImage(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public CowSlot Slot => Slots.MaxBy(static slot => slot.Generation)!;

    private IEnumerable<CowSlot> Slots => Enumerable.Range(0, 4)
        .Select(copy => CowSlot.Parse(_bytes.AsSpan(copy * CowSlot.Spacing), out _)).OfType<CowSlot>();

    public static CowKvImage Of(SimDisk disk)
    {
        var bytes = new byte[disk.Info.SectorSize * disk.Info.SectorCount];
        disk.Peek(0, bytes);
        return new(bytes);
    }

    /// <summary>An image of a store of several pages, with values of all kinds.</summary>
    public static CowKvImage Sample()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.Mounted(disk, Fill);
        return Of(disk);
    }

    public static async ValueTask Fill(CowKv<SimBlock> kv)
    {
        for (var index = 0; index < 120; index++)
            (await CowKv<SimBlock>.Set(kv, KvKey.Parse($"/d{index % 3}/key{index}"), KvSamples.Bytes(index, 1))).Done();
        (await CowKv<SimBlock>.Set(kv, KvKey.Parse("/large/value"), KvSamples.Bytes(70_000, 2))).Done();
        (await CowKv<SimBlock>.Allocate(kv, KvKey.Parse("/large/zeros"), 100_000)).Done();
        (await CowKv<SimBlock>.Set(kv, KvKey.Parse("/日本/🦉"), KvSamples.Bytes(5, 3))).Done();
        (await CowKv<SimBlock>.Remove(kv, KvKey.Parse("/d1/key4"))).Done();
    }

    public CowKvImage Copy() => new([.. _bytes]);

    public SimDisk ToDisk()
    {
        var disk = new SimDisk(512, _bytes.Length / 512);
        CowKvWorld.On(disk, async host =>
        {
            var block = SimBlock.Over(host, disk);
            for (var at = 0; at < _bytes.Length; at += Page)
            {
                if (_bytes.AsSpan(at, Page).ContainsAnyExcept((byte)0))
                    (await SimBlock.Write(block, at / 512, [_bytes.AsMemory(at, Page)])).Done();
            }
        });
        return disk;
    }

    /// <summary>The pages that the newest root needs and that have headers, from the root of the tree on.</summary>
    public IReadOnlyList<long> Nodes()
    {
        var nodes = new List<long>();
        var layout = new CowLayout(Page, Slot.Pages);
        if (!Slot.Root.IsNone)
            nodes.Add(Slot.Root.Page);
        for (var index = 0; index < nodes.Count; index++)
        {
            var node = CowPage.Parse(PageAt(nodes[index]).ToArray(), PointerTo(nodes[index])).Value;
            for (var child = 0; !node.IsLeaf && child < node.Count; child++)
                nodes.Add(node.Child(child).Pointer.Page);
        }

        nodes.Add(layout.Place(0, 0, Slot.Map.Place));
        return nodes;
    }

    public Span<byte> PageAt(long page) => _bytes.AsSpan((int)page * Page, Page);

    public void Flip(long bit) => _bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));

    /// <summary>Changes a page, and all sums above it, so that nothing but what it says is wrong.</summary>
    public void Forge(long page, Action<Memory<byte>> change)
    {
        var before = Crc32C.Of(PageAt(page));
        change(_bytes.AsMemory((int)page * Page, Page));
        Sum(page, before);
    }

    /// <summary>Changes the newest slot, and its sum.</summary>
    public void ForgeSlot(Action<Memory<byte>> change)
    {
        for (var copy = 0; copy < 2; copy++)
        {
            var bytes = _bytes.AsMemory((int)CowSlot.Place(Slot.Generation, copy), CowSlot.Size);
            if (copy == 1)
                _bytes.AsMemory((int)CowSlot.Place(Slot.Generation, 0), CowSlot.Size).CopyTo(bytes);
            else
            {
                change(bytes);
                SumSlot(bytes.Span);
            }
        }
    }

    private CowPointer PointerTo(long page) => new(
        page, BinaryPrimitives.ReadUInt64LittleEndian(PageAt(page)[8..]), Crc32C.Of(PageAt(page)));

    // A sum is noted in one place, behind the generation of its page: in a node, an index or a slot.
    private void Sum(long page, uint before)
    {
        Span<byte> noted = stackalloc byte[12];
        PageAt(page).Slice(8, 8).CopyTo(noted);
        BinaryPrimitives.WriteUInt32LittleEndian(noted[8..], before);
        for (var copy = 0; copy < 4; copy++)
        {
            var slot = _bytes.AsSpan(copy * CowSlot.Spacing, CowSlot.Size);
            if (Replace(slot, noted, Crc32C.Of(PageAt(page))))
                SumSlot(slot);
        }

        for (var other = CowSlot.Reserved / Page; other < _bytes.Length / Page; other++)
        {
            var old = Crc32C.Of(PageAt(other));
            if (other != page && Replace(PageAt(other), noted, Crc32C.Of(PageAt(page))))
                Sum(other, old);
        }
    }

    private static bool Replace(Span<byte> where, ReadOnlySpan<byte> noted, uint sum)
    {
        var at = where.IndexOf(noted);
        if (at >= 0)
            BinaryPrimitives.WriteUInt32LittleEndian(where[(at + 8)..], sum);
        return at >= 0;
    }

    private static void SumSlot(Span<byte> slot)
    {
        slot.Slice(12, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(slot[12..], Crc32C.Of(slot));
    }
}
