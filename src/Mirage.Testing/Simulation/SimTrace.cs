using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Mirage.Testing;

/// <summary>What happened in a world, in order: a hash always, and a line for each event when somebody wants to
/// read them.</summary>
/// <remarks>Equal seeds give equal traces, byte by byte, on every machine.</remarks>
public sealed class SimTrace
{
    private const ulong Prime = 0x9E3779B185EBCA87; // Odd, with its bits well spread: xxHash's first prime.
    private readonly Func<long> _nowNs;
    private ulong _hash = 0xCBF29CE484222325;

    internal SimTrace(Func<long> nowNs) => _nowNs = nowNs;

    /// <summary>The events so far in 64 bits, with their times and contents.</summary>
    public ulong Hash => _hash;

    /// <summary>Events so far.</summary>
    public long Events { get; private set; }

    /// <summary>Where lines go; null for nowhere.</summary>
    public TextWriter? Log { get; set; }

    /// <summary>Adds an event of <paramref name="source"/> in words.</summary>
    public void Note(string source, string what)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(what);
        Begin();
        Mix(MemoryMarshal.AsBytes(source.AsSpan()));
        Mix(MemoryMarshal.AsBytes(what.AsSpan()));
        if (Log is not null)
            WriteLine($"{source}: {what}");
    }

    /// <summary>Adds what became of a frame. The line is built only when somebody reads it.</summary>
    internal void Frame(SimPort from, SimPort to, string fate, ReadOnlySpan<byte> frame)
    {
        Begin();
        Mix(((ulong)(uint)from.Index << 32) | (uint)to.Index);
        Mix(MemoryMarshal.AsBytes(fate.AsSpan()));
        Mix(frame);
        if (Log is not null)
            WriteLine($"{from} > {to}: {frame.Length} bytes {fate} [{Digest(frame):x16}]");
    }

    private void Begin()
    {
        Events++;
        Mix((ulong)_nowNs());
    }

    private void WriteLine(string text) => Log!.Write($"{Time(_nowNs())} {text}\n");

    internal static string Time(long ns)
    {
        var (seconds, fraction) = Math.DivRem(ns, 1_000_000_000);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{fraction:D9}");
    }

    private static ulong Digest(ReadOnlySpan<byte> bytes)
    {
        var digest = 0UL;
        Mix(ref digest, bytes);
        return digest;
    }

    private void Mix(ReadOnlySpan<byte> bytes) => Mix(ref _hash, bytes);

    private void Mix(ulong word) => Mix(ref _hash, word);

    private static void Mix(ref ulong hash, ReadOnlySpan<byte> bytes)
    {
        Mix(ref hash, (ulong)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            Mix(ref hash, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            Mix(ref hash, rest);
    }

    private static void Mix(ref ulong hash, ulong word) => hash = (BitOperations.RotateLeft(hash, 27) ^ word) * Prime;
}
