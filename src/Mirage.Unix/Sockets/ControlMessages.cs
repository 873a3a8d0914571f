using System.Buffers.Binary;

namespace Mirage.Unix;

/// <summary>What the kernel says of a datagram besides its bytes: <c>struct cmsghdr</c>, one after another.</summary>
/// <remarks><code>
///   | length (8) | level (4) | type (4) | data … | padding to 8 |
/// </code></remarks>
internal ref struct ControlMessages(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes that fit all that is asked for: the destination, and an error with its sender.</summary>
    public const int LengthMax = 128;
    private const int HeaderLength = 16;

    private ReadOnlySpan<byte> _rest = bytes;

    public int Level { get; private set; }

    public int Type { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Goes on to the next one; false behind the last.</summary>
    public bool TryNext()
    {
        if (_rest.Length < HeaderLength)
            return false;
        var length = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        if (length < HeaderLength || length > _rest.Length)
            return false;
        Level = BinaryPrimitives.ReadInt32LittleEndian(_rest[8..]);
        Type = BinaryPrimitives.ReadInt32LittleEndian(_rest[12..]);
        Data = _rest[HeaderLength..(int)length];
        _rest = _rest[Math.Min(_rest.Length, ((int)length + 7) & ~7)..];
        return true;
    }
}
