using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>Initial sequence numbers that hold all there is to know of a half-open connection:
/// <see href="https://www.rfc-editor.org/rfc/rfc4987#section-3.6">RFC 4987 section 3.6</see>.</summary>
/// <remarks><code>
///  | slot (8)          | check and segment size (24) |   added to a hash of both ends and the peer's number
///  | clock (26)  | ecn | sack | shift (4)           |   our timestamp, when the peer has the option
/// </code>
/// The slot is the time in units of <see cref="SlotNs"/>, so that the numbers of one pair of ends rise. The check is a
/// hash of the ends, the peer's number and the slot, to which the index of a segment size is added: whoever does not
/// know the key hits a right cookie once in 2²⁸ attempts. A shift of 15 stands for windows that are not
/// scaled.</remarks>
internal sealed class TcpSynCookies(SipHash hash)
{
    /// <summary>How long one slot lasts.</summary>
    public const long SlotNs = 64_000_000_000;

    /// <summary>A cookie is right in its slot and the next: a client has at least <see cref="SlotNs"/> for its
    /// answer.</summary>
    public const int SlotsMax = 2;

    private const int CheckBits = 24;
    private const uint CheckMask = (1u << CheckBits) - 1;
    private const int OptionBits = 6;
    private const uint OptionMask = (1u << OptionBits) - 1;
    private const uint ShiftMask = 0xF, SackBit = 0x10, EcnBit = 0x20;
    private const int ImageSize = TcpFlowKey.Size + 12;

    // The sizes that links have, less the headers of IPv4 or IPv6. The first is what every peer takes.
    private static readonly ushort[] s_segmentSizes =
        [TcpLimits.MssFloor, TcpLimits.MssDefaultV4, TcpLimits.MssDefaultV6, 1340, 1400, 1440, 1460, 8940];

    /// <summary>The number to answer <paramref name="syn"/> with.</summary>
    public uint Make(TcpFlowKey key, in TcpSyn syn, long nowNs)
    {
        var slot = nowNs / SlotNs;
        var check = (Check(key, syn.Sequence, slot) + (uint)IndexOf(syn, key)) & CheckMask;
        return Base(key, syn.Sequence) + ((uint)slot << CheckBits) + check;
    }

    /// <summary>Reads what the acknowledgment of a cookie says of the SYN before it.</summary>
    /// <returns>False when it acknowledges no cookie of this stack, or one that is too old.</returns>
    public bool TryRead(TcpFlowKey key, in TcpSegment segment, long nowNs, out TcpSyn syn)
    {
        var header = segment.Header;
        var sequence = header.Sequence.Plus(-1);
        syn = new(sequence, header.Window);
        var rest = header.Acknowledgment.Plus(-1) - Base(key, sequence);
        var slot = nowNs / SlotNs;
        var age = (byte)((uint)slot - (rest >> CheckBits));
        if (age >= SlotsMax)
            return false;
        var index = (rest - Check(key, sequence, slot - age)) & CheckMask;
        if (index >= s_segmentSizes.Length)
            return false;
        syn = syn with { SegmentSize = s_segmentSizes[(int)index] };
        return true;
    }

    /// <summary>This end's timestamp with what the cookie has no room for. It is never later than
    /// <paramref name="clock"/>, which is where the timestamps of the connection go on.</summary>
    public static uint Encode(in TcpSyn syn, uint clock)
    {
        var options = (uint)(syn.WindowShift ?? (int)ShiftMask);
        options |= (syn.IsSackPermitted ? SackBit : 0) | (syn.Ecn is TcpEcnMode.Off ? 0 : EcnBit);
        var value = (clock & ~OptionMask) | options;
        return value.IsAfter(clock) ? value - OptionMask - 1 : value;
    }

    /// <summary>The SYN with what its answer's timestamp said of it: RFC 7323 section 3.2 has the peer echo
    /// it.</summary>
    public static TcpSyn Decode(in TcpSyn syn, TcpTimestamps timestamps)
    {
        var options = timestamps.Echo & OptionMask;
        var shift = (int)(options & ShiftMask);
        return syn with
        {
            Timestamp = timestamps.Value,
            IsTimed = true,
            IsSackPermitted = (options & SackBit) != 0,
            Ecn = (options & EcnBit) != 0 ? TcpEcnMode.Classic : TcpEcnMode.Off,
            WindowShift = shift > TcpLimits.WindowScaleMax ? null : shift,
        };
    }

    // The largest size that the peer takes. Without the option, RFC 9293 section 3.7.1 says how much that is.
    private static int IndexOf(in TcpSyn syn, TcpFlowKey key)
    {
        var size = syn.SegmentSize;
        if (size == 0)
            size = key.Remote.Address.IsV4 ? (ushort)TcpLimits.MssDefaultV4 : (ushort)TcpLimits.MssDefaultV6;
        var index = s_segmentSizes.Length - 1;
        while (index > 0 && s_segmentSizes[index] > size)
            index--;
        return index;
    }

    private uint Base(TcpFlowKey key, uint sequence) => Hash(key, sequence, slot: -1);

    private uint Check(TcpFlowKey key, uint sequence, long slot) => Hash(key, sequence, slot) & CheckMask;

    private uint Hash(TcpFlowKey key, uint sequence, long slot)
    {
        Span<byte> image = stackalloc byte[ImageSize];
        key.Emit(image);
        BinaryPrimitives.WriteUInt32LittleEndian(image[TcpFlowKey.Size..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(image[(TcpFlowKey.Size + 4)..], slot);
        return (uint)hash.Hash(image);
    }
}
