using Mirage.Net;

namespace Mirage.Testing;

/// <summary>The words of a <see cref="PacketScript"/>, for <c>using static</c>.</summary>
public static class PacketVocabulary
{
    /// <summary>Before any time passes.</summary>
    public static When Now => default;

    /// <summary>Exactly that long after what the script sent or saw last.</summary>
    public static When After(TimeSpan time) => new(time, time);

    /// <summary>At most that long after what the script sent or saw last.</summary>
    public static When Within(TimeSpan time) => new(TimeSpan.Zero, time);

    /// <summary>Between those times after what the script sent or saw last.</summary>
    public static When Between(TimeSpan earliest, TimeSpan latest) => new(earliest, latest);

    /// <summary>A time in milliseconds.</summary>
    public static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    /// <summary>A time in seconds.</summary>
    public static TimeSpan Seconds(double count) => TimeSpan.FromSeconds(count);

    /// <summary>A segment with these flags; <paramref name="acknowledgment"/> is a number with ACK only.</summary>
    public static Segment Tcp(TcpFlags flags, int sequence, int? acknowledgment = null, int length = 0) =>
        new(flags, sequence, acknowledgment, length);

    /// <summary>SYN.</summary>
    public static Segment Syn(int sequence = 0) => new(TcpFlags.Syn, sequence, null, 0);

    /// <summary>SYN, ACK.</summary>
    public static Segment SynAck(int sequence = 0, int acknowledgment = 1) =>
        new(TcpFlags.Syn | TcpFlags.Ack, sequence, acknowledgment, 0);

    /// <summary>ACK without payload.</summary>
    public static Segment Ack(int sequence, int acknowledgment) => new(TcpFlags.Ack, sequence, acknowledgment, 0);

    /// <summary>ACK with payload, the bytes of <see cref="StreamPattern"/>.</summary>
    public static Segment Data(int sequence, int acknowledgment, int length) =>
        new(TcpFlags.Ack, sequence, acknowledgment, length);

    /// <summary>FIN, ACK, with payload or without.</summary>
    public static Segment Fin(int sequence, int acknowledgment, int length = 0) =>
        new(TcpFlags.Fin | TcpFlags.Ack, sequence, acknowledgment, length);

    /// <summary>RST without ACK.</summary>
    public static Segment Rst(int sequence) => new(TcpFlags.Rst, sequence, null, 0);

    /// <summary>RST, ACK.</summary>
    public static Segment RstAck(int sequence, int acknowledgment) =>
        new(TcpFlags.Rst | TcpFlags.Ack, sequence, acknowledgment, 0);

    /// <summary>A datagram of UDP.</summary>
    public static Datagram Udp(ushort source, ushort destination, params ReadOnlySpan<byte> payload) =>
        new(source, destination, payload.ToArray());

    /// <summary>An echo request of ICMP.</summary>
    public static IcmpPacket EchoRequest(ushort identifier, ushort number, params ReadOnlySpan<byte> data) =>
        Icmp(IcmpType.Echo, 0, ((uint)identifier << 16) | number, data);

    /// <summary>An echo reply of ICMP.</summary>
    public static IcmpPacket EchoReply(ushort identifier, ushort number, params ReadOnlySpan<byte> data) =>
        Icmp(IcmpType.EchoReply, 0, ((uint)identifier << 16) | number, data);

    /// <summary>A message of ICMP.</summary>
    public static IcmpPacket Icmp(IcmpType type, byte code, uint rest, params ReadOnlySpan<byte> data) =>
        new(type, code) { Rest = rest, Bytes = data.ToArray() };

    /// <summary>An error of ICMP that quotes a packet of the other end: one that <see cref="PacketScript.Expect"/>
    /// gave, or one described as that end would have sent it. Expected without a quotation, it may quote
    /// anything.</summary>
    public static IcmpPacket Unreachable(IcmpUnreachable reason, Packet? quoting = null, int mtu = 0)
    {
        var (type, code) = reason switch
        {
            IcmpUnreachable.TimeExceeded => (IcmpType.TimeExceeded, (byte)0),
            IcmpUnreachable.ParameterProblem => (IcmpType.ParameterProblem, (byte)0),
            _ => (IcmpType.DestinationUnreachable, (byte)reason),
        };
        return new(type, code) { Rest = mtu == 0 ? null : (uint)mtu, Quoted = quoting };
    }

    /// <summary>A packet of ARP.</summary>
    public static ArpMessage Arp(ArpPacket packet) => new(packet);

    /// <summary>A frame of these bytes, Ethernet header included.</summary>
    public static RawFrame Raw(params ReadOnlySpan<byte> frame) => new(frame);

    /// <summary>An IPv4 packet of these bytes, header included.</summary>
    public static RawIpPacket RawIp(params ReadOnlySpan<byte> packet) => new(packet);
}
