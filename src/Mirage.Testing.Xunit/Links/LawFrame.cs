using System.Buffers;
using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A frame that a law sends: its bytes follow from its number.</summary>
internal static class LawFrame
{
    /// <summary>Header and number: the shortest frame that can be told from others.</summary>
    public const int Shortest = EthernetHeader.FixedSize + 4;

    private const int PaddedTo = 60; // IEEE 802.3: the shortest frame without its check sequence.

    // IEEE 802 local experimental: no kernel sends it, and none answers.
    private static ReadOnlySpan<byte> Type => [0x88, 0xB5];

    public static byte[] Make(int number, int length, MacAddress destination, MacAddress source)
    {
        var bytes = new byte[length];
        destination.Write(bytes);
        source.Write(bytes.AsSpan(6));
        Type.CopyTo(bytes.AsSpan(12));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(EthernetHeader.FixedSize), number);
        for (var place = Shortest; place < length; place++)
            bytes[place] = (byte)((place * 31) + number + 1);
        return bytes;
    }

    /// <summary>Whether a law sent it; others, as a kernel's own, are none of its business.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> frame) =>
        frame.Length >= Shortest && frame.Slice(12, 2).SequenceEqual(Type);

    public static int NumberOf(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadInt32BigEndian(frame[EthernetHeader.FixedSize..]);

    /// <summary>Whether <paramref name="received"/> is the frame that was sent, padded as Ethernet pads.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received) =>
        received.SequenceEqual(sent)
        || (sent.Length < PaddedTo && received.Length == PaddedTo && received.StartsWith(sent)
            && !received[sent.Length..].ContainsAnyExcept((byte)0));

    /// <summary>Sends a frame whose first <paramref name="header"/> bytes are headers and whose rest lies in
    /// <paramref name="pieces"/> pieces, all of which are overwritten once it is sent.</summary>
    public static WriteStatus Send(LinkEnd end, byte[] bytes, int header, int pieces)
    {
        var room = new byte[TransmitFrame.Room];
        var payload = bytes[header..];
        var frame = new TransmitFrame(room, Cut(payload, pieces));
        bytes.AsSpan(0, header).CopyTo(frame.Prepend(header));
        var status = end.Write(ref frame);
        Array.Fill(payload, (byte)0xCD);
        Array.Fill(room, (byte)0xCD);
        return status;
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int pieces)
    {
        var size = Math.Max(1, (bytes.Length + pieces - 1) / pieces);
        Piece? first = null;
        Piece? last = null;
        for (var at = 0; at < bytes.Length; at += size)
        {
            last = new Piece(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
            first ??= last;
        }

        return first is null ? default : new(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
