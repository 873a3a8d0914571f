using System.Buffers.Binary;

namespace Mirage.Testing;

/// <summary>A small generator whose stream is the same on every machine and runtime: Steele, Lea and Flood, 'Fast
/// splittable pseudorandom number generators', 2014. Not for secrets.</summary>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Next(int bound) => (int)(((UInt128)Next() * (uint)bound) >> 64);

    /// <summary>Fills <paramref name="destination"/>.</summary>
    public void Fill(Span<byte> destination)
    {
        Span<byte> block = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block, Next());
            var length = Math.Min(8, destination.Length);
            block[..length].CopyTo(destination);
            destination = destination[length..];
        }
    }
}
