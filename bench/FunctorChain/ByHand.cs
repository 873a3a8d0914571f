using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mirage.Bench;

/// <summary>The same five layers and wire, written by hand in one class: what no composition can be faster
/// than.</summary>
internal sealed class ByHand(long header1, long header2, long header3, long header4, long header5)
{
    private long _frames1;
    private long _frames2;
    private long _frames3;
    private long _frames4;
    private long _frames5;
    private long _frames6;

    // The parts of the chain are small enough to be inlined unasked; their sum is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(Span<byte> frame, int start)
    {
        _frames1++;
        start -= sizeof(long);
        BinaryPrimitives.WriteInt64BigEndian(frame[start..], header1);
        _frames2++;
        start -= sizeof(long);
        BinaryPrimitives.WriteInt64BigEndian(frame[start..], header2);
        _frames3++;
        start -= sizeof(long);
        BinaryPrimitives.WriteInt64BigEndian(frame[start..], header3);
        _frames4++;
        start -= sizeof(long);
        BinaryPrimitives.WriteInt64BigEndian(frame[start..], header4);
        _frames5++;
        start -= sizeof(long);
        BinaryPrimitives.WriteInt64BigEndian(frame[start..], header5);
        _frames6++;
        return start;
    }
}
