using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Bench;

/// <summary>A link whose SYNs do not permit selective acknowledgments, as from a stack that has none: the option is
/// overwritten on the way down.</summary>
public readonly struct SacklessNetif(SimNetif network) : INetwork<SacklessNetif>
{
    private const int EthernetHeader = 14, Ipv4HeaderMin = 20, TcpHeaderMin = 20;
    private const int ProtocolOffset = 9, FlagsOffset = 13, ChecksumOffset = 16;
    private const byte TcpProtocol = 6, SynFlag = 0x02;
    private const byte EndOption = 0, NoOperation = 1, SackPermitted = 4;

    public static Impl<SacklessNetif> Impl => throw new NotSupportedException("It is made in code.");

    public static NetworkInfo Info(SacklessNetif device) => SimNetif.Info(device.Inner);

    public static NetworkCounters Counters(SacklessNetif device) => SimNetif.Counters(device.Inner);

    public static ValueTask Disconnect(SacklessNetif device) => SimNetif.Disconnect(device.Inner);

    public static void Listen<THandler>(SacklessNetif device, THandler handler) where THandler : struct, IFrameHandler =>
        SimNetif.Listen(device.Inner, handler);

    public static WriteStatus Write(SacklessNetif device, ref TransmitFrame frame)
    {
        Strip(frame.Header);
        return SimNetif.Write(device.Inner, ref frame);
    }

    private SimNetif Inner { get; } = network;

    private static void Strip(Span<byte> frame)
    {
        if (frame.Length < EthernetHeader + Ipv4HeaderMin + TcpHeaderMin
            || BinaryPrimitives.ReadUInt16BigEndian(frame[(EthernetHeader - 2)..]) != 0x0800
            || frame[EthernetHeader + ProtocolOffset] != TcpProtocol)
            return;
        var tcp = frame[(EthernetHeader + ((frame[EthernetHeader] & 0xF) * 4))..];
        if ((tcp[FlagsOffset] & SynFlag) == 0)
            return;
        var end = (tcp[12] >> 4) * 4;
        for (var at = TcpHeaderMin; at < end && tcp[at] != EndOption; at += tcp[at] == NoOperation ? 1 : tcp[at + 1])
        {
            if (tcp[at] != SackPermitted)
                continue;
            Overwrite(tcp, at, NoOperation);
            Overwrite(tcp, at + 1, NoOperation);
        }
    }

    // The checksum follows by what has changed: RFC 1624 section 3.
    private static void Overwrite(Span<byte> tcp, int at, byte value)
    {
        var shift = at % 2 == 0 ? 8 : 0;
        var sum = (ushort)~BinaryPrimitives.ReadUInt16BigEndian(tcp[ChecksumOffset..])
            + (ushort)~(tcp[at] << shift) + (value << shift);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[ChecksumOffset..], (ushort)~sum);
        tcp[at] = value;
    }
}
