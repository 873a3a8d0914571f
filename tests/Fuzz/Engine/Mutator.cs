using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Changes an input a little: flips, truncations, lengths that lie, pieces twice and of others.</summary>
internal static class Mutator
{
    private const int LengthMax = 16_384;
    private static readonly byte[] s_bytes = [0, 1, 0x7F, 0x80, 0xFF, (byte)' ', (byte)',', (byte)':', (byte)'/',
        (byte)'\r', (byte)'\n', (byte)'%', (byte)'"', (byte)'-', (byte)'.', (byte)'0', (byte)'9', (byte)'='];
    private static readonly ulong[] s_lengths =
        [0, 1, 2, 3, 4, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    /// <summary>A changed copy of <paramref name="input"/>; <paramref name="other"/> lends pieces.</summary>
    public static byte[] Mutate(byte[] input, byte[] other, SplitMix64 random)
    {
        var bytes = new List<byte>(input);
        for (var count = 1 + random.Next(4); count > 0; count--)
            Change(bytes, other, random);
        if (bytes.Count > LengthMax)
            bytes.RemoveRange(LengthMax, bytes.Count - LengthMax);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, SplitMix64 random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = 1 + random.Next(Math.Max(1, Math.Min(64, bytes.Count - at)));
        switch (random.Next(12))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2 or 3 when at < bytes.Count:
                bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : s_bytes[random.Next(s_bytes.Length)];
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5 when at + length <= bytes.Count:
                bytes.RemoveRange(at, length);
                break;
            case 6 when at + length <= bytes.Count: // The same piece again, at once or somewhere else.
                bytes.InsertRange(random.Next(2) == 0 ? at : random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 7:
                Lie(bytes, at, random);
                break;
            case 8 when other.Length > 0:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from + 1)).ToArray());
                break;
            case 9:
                bytes.InsertRange(at, Enumerable.Repeat(s_bytes[random.Next(s_bytes.Length)], 1 + random.Next(300)));
                break;
            case 10:
                Recount(bytes, at, random);
                break;
            default:
                var more = new byte[length];
                random.Fill(more);
                bytes.InsertRange(at, more);
                break;
        }
    }

    // A number of two or four bytes becomes one at an edge, or one beside what it was.
    private static void Lie(List<byte> bytes, int at, SplitMix64 random)
    {
        var size = random.Next(2) == 0 ? 2 : 4;
        if (at + size > bytes.Count)
            return;
        var old = size == 2
            ? BinaryPrimitives.ReadUInt16BigEndian([.. bytes.GetRange(at, 2)])
            : BinaryPrimitives.ReadUInt32BigEndian([.. bytes.GetRange(at, 4)]);
        var value = random.Next(3) switch
        {
            0 => old + 1UL,
            1 => old - 1UL,
            _ => s_lengths[random.Next(s_lengths.Length)],
        };
        for (var index = 0; index < size; index++)
            bytes[at + index] = (byte)(value >> (8 * (size - 1 - index)));
    }

    // Digits of a text become another number.
    private static void Recount(List<byte> bytes, int at, SplitMix64 random)
    {
        while (at < bytes.Count && !char.IsAsciiDigit((char)bytes[at]))
            at++;
        var end = at;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
            end++;
        if (at == end)
            return;
        bytes.RemoveRange(at, end - at);
        string[] numbers = ["0", "00", "1", "255", "256", "65535", "65536", "4294967296", "9223372036854775807",
            "9223372036854775808", "79228162514264337593543950335", new('9', 40)];
        bytes.InsertRange(at, numbers[random.Next(numbers.Length)].Select(static digit => (byte)digit));
    }
}
