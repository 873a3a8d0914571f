using System.Buffers.Binary;

namespace Mirage.Testing;

/// <summary>A small generator whose stream is the same on every machine and runtime: Steele, Lea and Flood, 'Fast
/// splittable pseudorandom number generators', 2014. Not for secrets.</summary>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for the part called <paramref name="name"/>, so that a draw more in one part
    /// shifts no other.</summary>
    public static SplitMix64 Fork(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = seed ^ 0xCBF29CE484222325; // FNV-1a: string hash codes differ between processes.
        foreach (var letter in name)
            hash = (hash ^ letter) * 0x100000001B3;
        return new SplitMix64(new SplitMix64(hash).Next());
    }

    /// <summary>Begins the stream of another seed, in the same object.</summary>
    internal void Reset(ulong seed) => _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Next(int bound) => (int)Next((long)bound);

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public long Next(long bound) => (long)(((UInt128)Next() * (ulong)bound) >> 64);

    /// <summary>True <paramref name="permille"/> times of a thousand, on average.</summary>
    public bool Chance(int permille) => permille > 0 && Next(1000) < permille;

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
