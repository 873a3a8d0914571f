using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Mirage.Storage;

/// <summary>Keys of rows: the id of a dictionary and a name in it, or the id of a value and the number of a chunk of
/// it.</summary>
/// <remarks>
/// <code>
///   | id, big-endian: 8 | name, or number of the chunk, big-endian: 8 |
/// </code>
/// A name is its UTF-8, but that FE and FF stand for EE and EF, which UTF-8 has only as the first of three bytes: so
/// the order of bytes is that of UTF-16, the ordinal order of strings.</remarks>
internal static class CowKey
{
    private const int IdSize = sizeof(long);

    public static byte[] OfId(long id)
    {
        var key = new byte[IdSize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        return key;
    }

    public static byte[] OfChunk(long id, long number)
    {
        var key = new byte[2 * IdSize];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(IdSize), number);
        return key;
    }

    /// <summary>The key of a name; null for one that cannot be: it is too long, or no text.</summary>
    public static byte[]? OfName(long id, string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        if (length > CowFormat.NameMax)
            return null;
        var key = new byte[IdSize + length];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        // Half of a pair of surrogates is no text: UTF-8 has nothing for it.
        if (Utf8.FromUtf16(name, key.AsSpan(IdSize), out _, out _, replaceInvalidSequences: false)
            is not OperationStatus.Done)
            return null;
        var bytes = key.AsSpan(IdSize);
        bytes.Replace((byte)0xEE, (byte)0xFE);
        bytes.Replace((byte)0xEF, (byte)0xFF);
        return key;
    }

    /// <summary>A key that is not behind any name from <paramref name="bound"/> on, which need not be a name.</summary>
    public static byte[] OfBound(long id, string bound)
    {
        // The longest beginning that can be a key: what it is the beginning of is not before it.
        for (var length = Math.Min(bound.Length, CowFormat.NameMax); length > 0; length--)
        {
            if (OfName(id, bound[..length]) is { } key)
                return key;
        }

        return OfId(id);
    }

    /// <summary>The name in a key, or null when it has none.</summary>
    public static string? NameOf(ReadOnlySpan<byte> key)
    {
        var bytes = key[IdSize..].ToArray();
        if (bytes.AsSpan().ContainsAny((byte)0xEE, (byte)0xEF))
            return null;
        bytes.AsSpan().Replace((byte)0xFE, (byte)0xEE);
        bytes.AsSpan().Replace((byte)0xFF, (byte)0xEF);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    public static long NumberOf(ReadOnlySpan<byte> key) =>
        key.Length == 2 * IdSize ? BinaryPrimitives.ReadInt64BigEndian(key[IdSize..]) : -1;
}
