using System.Buffers.Binary;

namespace Mirage.Unix;

/// <summary>Sends several datagrams by one call, udp(7): <c>UDP_SEGMENT</c>.</summary>
internal static unsafe class SegmentedSend
{
    /// <summary>Datagrams that every kernel which knows the option takes at once.</summary>
    public const int SegmentsMax = 64;
    private const int ControlLength = 24; // A header of 16 bytes and two of data, padded to 8.

    /// <summary>Whether the kernel of that socket knows the option; one that does not would send everything as one
    /// datagram.</summary>
    public static bool IsKnown(int descriptor)
    {
        int size, length = sizeof(int);
        return Libc.GetSocketOption(descriptor, Libc.LevelUdp, Libc.OptionUdpSegment, &size, &length) == 0;
    }

    /// <summary>Sends datagrams of <paramref name="segmentSize"/> bytes and gives the error, or 0.</summary>
    public static int Send(int descriptor, byte* name, int nameLength, ReadOnlySpan<byte> payload, int segmentSize)
    {
        var control = stackalloc byte[ControlLength];
        var image = new Span<byte>(control, ControlLength);
        image.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(image, 16 + sizeof(ushort));
        BinaryPrimitives.WriteInt32LittleEndian(image[8..], Libc.LevelUdp);
        BinaryPrimitives.WriteInt32LittleEndian(image[12..], Libc.OptionUdpSegment);
        BinaryPrimitives.WriteUInt16LittleEndian(image[16..], (ushort)segmentSize);
        fixed (byte* start = payload)
        {
            var vector = new Libc.IoVector { Base = start, Length = payload.Length };
            var message = new Libc.MessageHeader
            {
                Name = name,
                NameLength = nameLength,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlLength,
            };
            return Libc.SendMessage(descriptor, &message, 0) >= 0 ? 0 : Errno.Last;
        }
    }
}
