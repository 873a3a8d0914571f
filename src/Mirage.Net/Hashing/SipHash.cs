using System.Buffers.Binary;
using System.Numerics;

namespace Mirage.Net;

/// <summary>A keyed hash: Aumasson and Bernstein, 'SipHash: a fast short-input PRF', 2012.</summary>
/// <remarks>Who does not know the key can neither predict a value nor find inputs that collide. Nothing here needs
/// OpenSSL.</remarks>
internal readonly struct SipHash
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 16;

    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>The function of the first sixteen bytes of <paramref name="key"/>.</summary>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _low = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>A function that nobody else knows.</summary>
    public static SipHash Random(Host host)
    {
        Span<byte> key = stackalloc byte[KeySize];
        host.FillRandom(key);
        return new(key);
    }

    /// <summary>SipHash-2-4, for values that an attacker sees.</summary>
    public ulong Hash(ReadOnlySpan<byte> bytes) => Hash(bytes, compressions: 2, finalizations: 4);

    /// <summary>SipHash-1-3, for places in a table, which an attacker does not see.</summary>
    public ulong HashForTable(ReadOnlySpan<byte> bytes) => Hash(bytes, compressions: 1, finalizations: 3);

    private ulong Hash(ReadOnlySpan<byte> bytes, int compressions, int finalizations)
    {
        var state = new State(_low, _high);
        var length = (ulong)bytes.Length << 56;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(bytes), compressions);
        for (var index = 0; index < bytes.Length; index++)
            length |= (ulong)bytes[index] << (8 * index);
        state.Absorb(length, compressions);
        return state.Finish(finalizations);
    }

    private ref struct State(ulong low, ulong high)
    {
        private ulong _v0 = low ^ 0x736F_6D65_7073_6575;
        private ulong _v1 = high ^ 0x646F_7261_6E64_6F6D;
        private ulong _v2 = low ^ 0x6C79_6765_6E65_7261;
        private ulong _v3 = high ^ 0x7465_6462_7974_6573;

        public void Absorb(ulong word, int rounds)
        {
            _v3 ^= word;
            Round(rounds);
            _v0 ^= word;
        }

        public ulong Finish(int rounds)
        {
            _v2 ^= 0xFF;
            Round(rounds);
            return _v0 ^ _v1 ^ _v2 ^ _v3;
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
}
