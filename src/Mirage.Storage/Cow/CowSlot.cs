using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>A root of the store: what a commit writes last.</summary>
/// <remarks>
/// <code>
///   0           8         10          12         16             20           24          28
///   | 'MIRCOWKV'| version | algorithm | checksum | incompatible | compatible | page size | chunk size |
///   32      40         56           64        72             92     96          112    120
///   | pages | store id | generation | next id | root pointer | zero | map entry | time | zeros up to 512
/// </code>
/// The checksum is of all 512 bytes, itself as zeros.</remarks>
internal sealed record CowSlot
{
    public const int Size = 512;

    /// <summary>Bytes from one slot to the next: a sector of any size has one slot at most.</summary>
    public const int Spacing = 65536;

    /// <summary>Bytes that belong to slots.</summary>
    public const int Reserved = 4 * Spacing;

    public const ushort Version = 1, Algorithm = 1;

    public static ReadOnlySpan<byte> Magic => "MIRCOWKV"u8;

    public required int PageSize { get; init; }

    public required int ChunkSize { get; init; }

    public required long Pages { get; init; }

    public required UInt128 StoreId { get; init; }

    public required ulong Generation { get; init; }

    /// <summary>The id that the next dictionary or value in chunks gets.</summary>
    public required long NextId { get; init; }

    public CowPointer Root { get; init; }

    public CowMapEntry Map { get; init; }

    /// <summary>When it was written, in 100 ns since the year 1, UTC.</summary>
    public long Time { get; init; }

    /// <summary>The byte at which a copy of a generation's slot is: there are two, in case that one rots.</summary>
    public static long Place(ulong generation, int copy) => (long)(((generation % 2) * 2) + (ulong)copy) * Spacing;

    /// <summary>The slot in these bytes; null for what is none, was torn or has rotted.</summary>
    /// <param name="bytes">As many as a slot has.</param>
    /// <param name="wrong">Why a slot that is whole is not read; empty for what is no slot.</param>
    public static CowSlot? Parse(ReadOnlySpan<byte> bytes, out string wrong)
    {
        wrong = "";
        Span<byte> copy = stackalloc byte[Size];
        bytes[..Size].CopyTo(copy);
        copy.Slice(12, 4).Clear();
        if (!bytes.StartsWith(Magic) || Crc32C.Of(copy) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]))
            return null;
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        var incompatible = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        var algorithm = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if ((version, algorithm, incompatible) != (Version, Algorithm, 0))
        {
            wrong = $"it was written by a later version ({version}, features {incompatible:x})";
            return null;
        }

        var slot = new CowSlot
        {
            PageSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            ChunkSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            Pages = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            StoreId = BinaryPrimitives.ReadUInt128LittleEndian(bytes[40..]),
            Generation = BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]),
            NextId = BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]),
            Root = CowPointer.Read(bytes[72..]),
            Map = CowMapEntry.Read(bytes[96..]),
            Time = BinaryPrimitives.ReadInt64LittleEndian(bytes[112..]),
        };
        wrong = bytes[92..96].ContainsAnyExcept((byte)0) || bytes[120..Size].ContainsAnyExcept((byte)0)
            ? "it holds something where zeros must be"
            : slot.Contradiction;
        return wrong.Length == 0 ? slot : null;
    }

    public void Emit(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Algorithm);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], PageSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], ChunkSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Pages);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[40..], StoreId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], Generation);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[64..], NextId);
        Root.Write(bytes[72..]);
        Map.Write(bytes[96..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[112..], Time);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Crc32C.Of(bytes[..Size]));
    }

    private string Contradiction =>
        PageSize is < CowFormat.PageMin or > CowFormat.PageMax || !int.IsPow2(PageSize)
            ? $"its pages have {PageSize} bytes"
        : ChunkSize != CowFormat.ChunkSizeFor(PageSize)
            ? $"its chunks have {ChunkSize} bytes"
        : Pages is < 1 or > CowFormat.PagesMax ? $"it has {Pages} pages"
        : Generation == 0 || NextId <= CowFormat.RootId ? "its counters make no sense"
        : Time < 0 || Time > DateTime.MaxValue.Ticks ? "its time is none"
        : "";
}
