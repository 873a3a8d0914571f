using System.Buffers.Binary;
using System.Numerics;
using System.Text;

/// <summary>A change of a <c>LogStore</c> as it lies on the disk, in whole sectors.</summary>
/// <remarks>
/// <code>
///   0        4        8                 16       18       20
///   | CRC32C | length | sequence number | key    | zero   | key, value, zeros …
/// </code>
/// The sum is over everything behind it up to the length. It begins with the sum of the record before, and that of the
/// first one with the salt of the log: neither a value nor what is left of an end that a power cut took away can look
/// like the next record.</remarks>
internal readonly record struct LogRecord(ulong Sequence, string Key, string Value)
{
    private const int HeaderSize = 20;

    /// <summary>Bytes of key and value together at most.</summary>
    public const int ContentMax = 4096;

    /// <summary>The sectors it takes.</summary>
    public int Sectors(int sectorSize) => (Size + sectorSize - 1) / sectorSize;

    /// <summary>Bytes of key and value together.</summary>
    public int ContentSize => Encoding.UTF8.GetByteCount(Key) + Encoding.UTF8.GetByteCount(Value);

    private int Size => HeaderSize + ContentSize;

    /// <summary>Writes the record to <paramref name="sectors"/>, which are zero, and gives its sum.</summary>
    public uint Emit(Span<byte> sectors, uint before)
    {
        var key = Encoding.UTF8.GetBytes(Key, sectors[HeaderSize..]);
        Encoding.UTF8.GetBytes(Value, sectors[(HeaderSize + key)..]);
        BinaryPrimitives.WriteInt32LittleEndian(sectors[4..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(sectors[8..], Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(sectors[16..], (ushort)key);
        var sum = Sum(sectors[4..Size], before);
        BinaryPrimitives.WriteUInt32LittleEndian(sectors, sum);
        return sum;
    }

    /// <summary>Reads the record that <paramref name="sectors"/> begin with; false when they begin with none, or with
    /// one that is not whole.</summary>
    public static bool TryParse(ReadOnlySpan<byte> sectors, uint before, out LogRecord record, out uint sum)
    {
        (record, sum) = (default, 0);
        var size = sectors.Length < HeaderSize ? 0 : BinaryPrimitives.ReadInt32LittleEndian(sectors[4..]);
        if (size < HeaderSize || size > sectors.Length || size > HeaderSize + ContentMax
            || BinaryPrimitives.ReadUInt32LittleEndian(sectors) != (sum = Sum(sectors[4..size], before)))
            return false;
        var key = BinaryPrimitives.ReadUInt16LittleEndian(sectors[16..]);
        if (HeaderSize + key > size)
            return false;
        record = new(
            BinaryPrimitives.ReadUInt64LittleEndian(sectors[8..]),
            Encoding.UTF8.GetString(sectors.Slice(HeaderSize, key)),
            Encoding.UTF8.GetString(sectors[(HeaderSize + key)..size]));
        return true;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        foreach (var value in bytes)
            sum = BitOperations.Crc32C(sum, value);
        return sum;
    }
}
