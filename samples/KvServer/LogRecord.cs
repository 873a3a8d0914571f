using System.Buffers.Binary;
using System.Numerics;
using System.Text;

/// <summary>A change of a <c>LogStore</c> as it lies on the disk, in whole sectors.</summary>
/// <remarks>
/// <code>
///   0        4        8                 16       18       20
///   | CRC32C | length | sequence number | key    | zero   | key, value, zeros …
/// </code>
/// The sum is over everything behind it up to the length, and begins with the salt of the log, so that no value can
/// look like a record.</remarks>
internal readonly record struct LogRecord(ulong Sequence, string Key, string Value)
{
    private const int HeaderSize = 20;

    /// <summary>Bytes of key and value together at most.</summary>
    public const int ContentMax = 4096;

    /// <summary>The sectors it takes.</summary>
    public int Sectors(int sectorSize) => (Size + sectorSize - 1) / sectorSize;

    private int Size => HeaderSize + Encoding.UTF8.GetByteCount(Key) + Encoding.UTF8.GetByteCount(Value);

    /// <summary>Writes the record to <paramref name="sectors"/>, which are zero.</summary>
    public void Emit(Span<byte> sectors, uint salt)
    {
        var key = Encoding.UTF8.GetBytes(Key, sectors[HeaderSize..]);
        Encoding.UTF8.GetBytes(Value, sectors[(HeaderSize + key)..]);
        BinaryPrimitives.WriteInt32LittleEndian(sectors[4..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(sectors[8..], Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(sectors[16..], (ushort)key);
        BinaryPrimitives.WriteUInt32LittleEndian(sectors, Sum(sectors[4..Size], salt));
    }

    /// <summary>Reads the record that <paramref name="sectors"/> begin with; false when they begin with none, or with
    /// one that is not whole.</summary>
    public static bool TryParse(ReadOnlySpan<byte> sectors, uint salt, out LogRecord record)
    {
        record = default;
        var size = sectors.Length < HeaderSize ? 0 : BinaryPrimitives.ReadInt32LittleEndian(sectors[4..]);
        if (size < HeaderSize || size > sectors.Length || size > HeaderSize + ContentMax
            || BinaryPrimitives.ReadUInt32LittleEndian(sectors) != Sum(sectors[4..size], salt))
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

    private static uint Sum(ReadOnlySpan<byte> bytes, uint salt)
    {
        var sum = salt;
        foreach (var value in bytes)
            sum = BitOperations.Crc32C(sum, value);
        return sum;
    }
}
