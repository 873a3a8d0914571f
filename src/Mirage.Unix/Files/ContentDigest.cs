using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;

namespace Mirage.Unix;

/// <summary>A digest of 128 bits over pieces of a value: SipHash-2-4-128 of Aumasson and Bernstein, with a key that
/// everybody knows.</summary>
/// <remarks>It tells contents apart that nobody chose to collide, as an ETag needs, at about a byte a cycle. It is not
/// for signatures: whoever may choose contents can make two that are equal here.</remarks>
internal struct ContentDigest
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 16;

    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _length;
    private bool _isComplete;

    /// <summary>The digest of no bytes yet.</summary>
    public ContentDigest(ulong low, ulong high)
    {
        _v0 = low ^ 0x736F_6D65_7073_6575;
        _v1 = high ^ 0x646F_7261_6E64_6F6D ^ 0xEE;
        _v2 = low ^ 0x6C79_6765_6E65_7261;
        _v3 = high ^ 0x7465_6462_7974_6573;
    }

    /// <summary>Adds a piece; all pieces but the last are whole numbers of eight bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(!_isComplete, "After a piece that is no whole number of words comes none.");
        _length += (ulong)bytes.Length;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        if (!bytes.IsEmpty)
            Complete(bytes);
    }

    /// <summary>The digest of everything that was added. Nothing is added afterwards.</summary>
    public byte[] Finish()
    {
        if (!_isComplete)
            Complete([]);
        var digest = new byte[Size];
        _v2 ^= 0xEE;
        Round(4);
        BinaryPrimitives.WriteUInt64LittleEndian(digest, _v0 ^ _v1 ^ _v2 ^ _v3);
        _v1 ^= 0xDD;
        Round(4);
        BinaryPrimitives.WriteUInt64LittleEndian(digest.AsSpan(sizeof(ulong)), _v0 ^ _v1 ^ _v2 ^ _v3);
        return digest;
    }

    private void Complete(ReadOnlySpan<byte> rest)
    {
        _isComplete = true;
        var word = _length << 56;
        for (var index = 0; index < rest.Length; index++)
            word |= (ulong)rest[index] << (8 * index);
        Absorb(word);
    }

    private void Absorb(ulong word)
    {
        _v3 ^= word;
        Round(2);
        _v0 ^= word;
    }

    private void Round(int count)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        for (; count > 0; count--)
        {
            v0 += v1;
            v2 += v3;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 = BitOperations.RotateLeft(v2, 32);
        }

        (_v0, _v1, _v2, _v3) = (v0, v1, v2, v3);
    }
}
