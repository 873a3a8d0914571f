using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>What a name stands for: the value of a row whose key is the id of a dictionary and a name in it.</summary>
/// <remarks>
/// <code>
///   dictionary:       | 1 | id: 8 |
///   value in its row: | 2 | time: 8 | bytes
///   value in chunks:  | 3 | time: 8 | size: 8 | id: 8 |
/// </code></remarks>
internal readonly struct CowRecord
{
    private const byte Dictionary = 1, Inline = 2, Chunked = 3;
    private const int ChunkedSize = 25;

    /// <summary>Bytes before a value in its row.</summary>
    public const int InlinePrefix = 9;

    private CowRecord(byte kind, long id, long time, long size, ReadOnlyMemory<byte> bytes) =>
        (_kind, Id, Time, Size, Bytes) = (kind, id, time, size, bytes);

    private readonly byte _kind;

    public KvKind Kind => _kind == Dictionary ? KvKind.Dictionary : KvKind.Value;

    public bool IsChunked => _kind == Chunked;

    /// <summary>Of a dictionary, or a value in chunks.</summary>
    public long Id { get; }

    /// <summary>When a value was set, in 100 ns since the year 1, UTC.</summary>
    public long Time { get; }

    /// <summary>Bytes of a value.</summary>
    public long Size { get; }

    /// <summary>A value in its row.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public static CowRecord OfDictionary(long id) => new(Dictionary, id, 0, 0, default);

    public static CowRecord OfBytes(ReadOnlyMemory<byte> bytes, long time) =>
        new(Inline, 0, time, bytes.Length, bytes);

    public static CowRecord OfChunks(long id, long size, long time) => new(Chunked, id, time, size, default);

    public static CowAnswer<CowRecord> Parse(ReadOnlyMemory<byte> row)
    {
        var bytes = row.Span;
        if (bytes.Length == InlinePrefix && bytes[0] == Dictionary
            && BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]) is var id and > 0)
            return OfDictionary(id);
        if (bytes.Length < InlinePrefix || BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]) is not
            (var time and >= 0) || time > DateTime.MaxValue.Ticks)
            return new CowFault.Corrupt(0, "a row stands for nothing known");
        if (bytes[0] == Inline)
            return OfBytes(row[InlinePrefix..], time);
        if (bytes.Length != ChunkedSize || bytes[0] != Chunked
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]) is not (var size and >= 0)
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[17..]) is not (var chunks and > 0))
            return new CowFault.Corrupt(0, "a row stands for nothing known");
        return OfChunks(chunks, size, time);
    }

    public byte[] Emit()
    {
        var row = new byte[IsChunked ? ChunkedSize : InlinePrefix + Bytes.Length];
        row[0] = _kind;
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(1), _kind == Dictionary ? Id : Time);
        if (IsChunked)
        {
            BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(9), Size);
            BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(17), Id);
        }
        else
            Bytes.CopyTo(row.AsMemory(InlinePrefix));
        return row;
    }
}
