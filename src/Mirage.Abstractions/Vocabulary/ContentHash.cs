using System.Buffers.Binary;
using System.Numerics;

namespace Mirage;

/// <summary>A digest of 128 bits for telling values apart: MurmurHash3 x64 128 by Austin Appleby, seed 0, fed in any
/// pieces.</summary>
/// <remarks>Equal bytes have equal digests on every machine, and others differ but for chance. It keeps no secret and
/// stops nobody who makes two values with one digest on purpose: it is for caches and entity tags, not for
/// trust.</remarks>
public struct ContentHash
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 16;

    private const ulong C1 = 0x87C37B91114253D5, C2 = 0x4CF5AD432745937F;
    private ulong _h1, _h2, _k1, _k2;
    private ulong _length;

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var hash = default(ContentHash);
        hash.Append(bytes);
        var digest = new byte[Size];
        hash.Finish(digest);
        return digest;
    }

    /// <summary>Takes more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && (_length % Size != 0 || bytes.Length < Size))
        {
            TakeByte(bytes[0]);
            bytes = bytes[1..];
        }

        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            _k1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            _k2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
            _length += Size;
            MixBlock();
        }

        foreach (var value in bytes)
            TakeByte(value);
    }

    /// <summary>Writes the digest, <see cref="Size"/> bytes, of what was taken. More may be taken afterwards.</summary>
    public readonly void Finish(Span<byte> digest)
    {
        var h1 = _h1 ^ (BitOperations.RotateLeft(_k1 * C1, 31) * C2) ^ _length;
        var h2 = _h2 ^ (BitOperations.RotateLeft(_k2 * C2, 33) * C1) ^ _length;
        h1 += h2;
        h2 += h1;
        h1 = Finalize(h1);
        h2 = Finalize(h2);
        h1 += h2;
        BinaryPrimitives.WriteUInt64LittleEndian(digest, h1);
        BinaryPrimitives.WriteUInt64LittleEndian(digest[8..], h2 + h1);
    }

    private void TakeByte(byte value)
    {
        var position = (int)(_length++ % Size);
        if (position < 8)
            _k1 |= (ulong)value << (8 * position);
        else
            _k2 |= (ulong)value << (8 * (position - 8));
        if (position == Size - 1)
            MixBlock();
    }

    private void MixBlock()
    {
        _h1 ^= BitOperations.RotateLeft(_k1 * C1, 31) * C2;
        _h1 = ((BitOperations.RotateLeft(_h1, 27) + _h2) * 5) + 0x52DCE729;
        _h2 ^= BitOperations.RotateLeft(_k2 * C2, 33) * C1;
        _h2 = ((BitOperations.RotateLeft(_h2, 31) + _h1) * 5) + 0x38495AB5;
        (_k1, _k2) = (0, 0);
    }

    private static ulong Finalize(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
