using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>Numbers from a host's entropy, fetched in batches so that a draw costs no system call.</summary>
internal sealed class RandomSource(Host host)
{
    private readonly byte[] _buffer = new byte[256];
    private int _taken = 256;

    /// <summary>32 bits.</summary>
    public uint Next()
    {
        if (_taken == _buffer.Length)
        {
            host.FillRandom(_buffer);
            _taken = 0;
        }

        var value = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_taken));
        _taken += sizeof(uint);
        return value;
    }

    /// <summary>64 bits.</summary>
    public ulong NextLong() => ((ulong)Next() << 32) | Next();

    /// <summary>A number from 0 to <paramref name="bound"/> - 1; the bias is below bound in 2^32.</summary>
    public int Below(int bound) => (int)(((ulong)Next() * (uint)bound) >> 32);

    /// <summary>A number from 0 to <paramref name="bound"/> - 1; the bias is below bound in 2^64.</summary>
    public long BelowLong(long bound) => (long)(((UInt128)NextLong() * (ulong)bound) >> 64);
}
