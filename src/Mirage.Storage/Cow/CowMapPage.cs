using System.Buffers.Binary;
using System.Numerics;

namespace Mirage.Storage;

/// <summary>A page of the map: a bit for each data page that the root needs.</summary>
/// <remarks>
/// <code>
///   0        32
///   | header | bits, in words of 64, the lowest bit first | zeros
/// </code></remarks>
internal sealed class CowMapPage
{
    private const int Word = 64;

    private readonly ulong[] _live;

    // Not free, though no root needs it: taken and not committed, or needed by one who still reads an older root.
    private readonly ulong[] _held;

    public CowMapPage(int bits)
    {
        Bits = bits;
        (_live, _held) = (new ulong[(bits + Word - 1) / Word], new ulong[(bits + Word - 1) / Word]);
        if (bits % Word != 0)
            _held[^1] = ulong.MaxValue << (bits % Word);
    }

    public int Bits { get; }

    /// <summary>Whether it differs from what was written last.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Pages that the root does not need.</summary>
    public int Free => Bits - _live.Sum(static word => BitOperations.PopCount(word));

    public static CowAnswer<CowMapPage> Parse(ReadOnlySpan<byte> bytes, CowPointer pointer, int bits)
    {
        var map = new CowMapPage(bits);
        var used = CowFormat.HeaderSize + (map._live.Length * sizeof(ulong));
        if (CowHeader.Parse(bytes, pointer, out var wrong) is not { } header)
            return new CowFault.Corrupt(pointer.Page, wrong);
        if (header is not { Kind: CowHeader.Map, Level: 0, Count: 0 } || header.Used != used)
            return new CowFault.Corrupt(pointer.Page, "it is no map of pages");
        for (var word = 0; word < map._live.Length; word++)
            map._live[word] = BinaryPrimitives.ReadUInt64LittleEndian(
                bytes[(CowFormat.HeaderSize + (word * sizeof(ulong)))..]);
        return bits % Word == 0 || (map._live[^1] & map._held[^1]) == 0
            ? map
            : new CowFault.Corrupt(pointer.Page, "it tells of pages that are not there");
    }

    public CowPointer Emit(Span<byte> bytes, long page, ulong generation)
    {
        for (var word = 0; word < _live.Length; word++)
            BinaryPrimitives.WriteUInt64LittleEndian(
                bytes[(CowFormat.HeaderSize + (word * sizeof(ulong)))..], _live[word]);
        var used = CowFormat.HeaderSize + (_live.Length * sizeof(ulong));
        return new CowHeader(CowHeader.Map, 0, 0, generation, page, used).Emit(bytes);
    }

    /// <summary>Takes at most <paramref name="count"/> free pages from bit <paramref name="from"/> on, and gives how
    /// many.</summary>
    /// <param name="from">Where to begin; afterwards, where to go on.</param>
    /// <param name="count">How many.</param>
    /// <param name="first">The page of bit 0.</param>
    /// <param name="runs">Where they are added.</param>
    public int Take(ref int from, int count, long first, List<CowRun> runs)
    {
        var taken = 0;
        for (var word = from / Word; word < _live.Length && taken < count; word++)
        {
            var free = ~(_live[word] | _held[word]);
            if (word == from / Word)
                free &= ulong.MaxValue << (from % Word);
            for (; free != 0 && taken < count; free &= free - 1)
            {
                var bit = (word * Word) + BitOperations.TrailingZeroCount(free);
                _held[word] |= free & (~free + 1);
                Add(runs, first + bit);
                (taken, from) = (taken + 1, bit + 1);
            }
        }

        if (taken < count)
            from = Bits;
        return taken;
    }

    public bool IsLive(int bit) => (_live[bit / Word] >> (bit % Word) & 1) != 0;

    public void Set(int bit, bool isLive, bool isHeld)
    {
        IsDirty |= IsLive(bit) != isLive;
        _live[bit / Word] = With(_live[bit / Word], bit, isLive);
        _held[bit / Word] = With(_held[bit / Word], bit, isHeld);
    }

    private static ulong With(ulong word, int bit, bool isSet) =>
        isSet ? word | (1UL << (bit % Word)) : word & ~(1UL << (bit % Word));

    private static void Add(List<CowRun> runs, long page)
    {
        if (runs.Count > 0 && runs[^1] is var last && last.Page + last.Count == page)
            runs[^1] = last with { Count = last.Count + 1 };
        else
            runs.Add(new(page, 1));
    }
}
