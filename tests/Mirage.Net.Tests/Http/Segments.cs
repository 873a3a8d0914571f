using System.Buffers;

namespace Mirage.Net.Tests;

/// <summary>Sequences of many small segments.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(ReadOnlySpan<byte> bytes, int size)
    {
        var first = new Segments();
        var last = first;
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(size, bytes.Length)].ToArray();
            var next = new Segments { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
            last.Next = next;
            last = next;
            bytes = bytes[part.Length..];
        }

        return new(first, 0, last, last.Memory.Length);
    }
}
