using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>Error messages: about what they are sent, and what they quote. RFC 1122 section 3.2.2 and RFC 1812 section
/// 4.3.2.</summary>
internal static class IcmpErrors
{
    /// <summary>The longest error packet, IP header included, RFC 1812 section 4.3.2.3.</summary>
    public const int PacketMax = 576;

    /// <summary>Bytes of room for a frame whose headers hold an error message.</summary>
    public const int Room = PacketMax + TransmitFrame.Room;

    /// <summary>Bytes of a transport header that every quotation has, RFC 792.</summary>
    public const int QuotedTransportMin = 8;

    /// <summary>Whether <paramref name="offending"/> may be answered by an error message, RFC 1122 section
    /// 3.2.2.</summary>
    public static bool MayAnswer(in ReceivedPacket offending)
    {
        if (offending.IsBroadcast || offending.Payload.IsGroup || offending.Destination.IsMulticast
            || IsNobody(offending.Source))
            return false;
        if (Ipv4Header.Parse(offending.Header, out var header) is ParseStatus.Ok && header.FragmentOffset != 0)
            return false;
        if (offending.Protocol is not IpProtocol.Icmp)
            return true;

        // Types that nobody knows may be errors: only what is known not to be one is answered.
        return IcmpMessage.Parse(offending.Payload.Bytes, out var message) is ParseStatus.Ok
            && message.Type is IcmpType.Echo or IcmpType.EchoReply;
    }

    /// <summary>Prepends an error message with as much of the offending packet as it may quote. The frame has
    /// <see cref="Room"/> and no payload.</summary>
    public static void Prepend(ref TransmitFrame frame, in IcmpMessage message, ReadOnlySpan<byte> offendingHeader,
        ReadOnlySpan<byte> offendingPayload)
    {
        var quotable = PacketMax - Ipv4Header.FixedSize - IcmpMessage.FixedSize - offendingHeader.Length;
        var payload = offendingPayload[..Math.Min(offendingPayload.Length, quotable)];
        payload.CopyTo(frame.Prepend(payload.Length));
        offendingHeader.CopyTo(frame.Prepend(offendingHeader.Length));
        message.Emit(frame.Prepend(IcmpMessage.FixedSize));
        BinaryPrimitives.WriteUInt16BigEndian(
            frame.Header[IcmpMessage.ChecksumOffset..], InternetChecksum.Compute(frame.Header));
    }

    private static bool IsNobody(IpAddress source) =>
        source.IsUnspecified || source.IsMulticast || source.IsLoopback || source == IpAddress.BroadcastV4;
}
