using System.Buffers.Binary;

namespace Mirage.Net.Tests;

/// <summary>Images of packets, as another host makes them.</summary>
internal static class Packets
{
    public static byte[] Frame(MacAddress destination, MacAddress source, EtherType type, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[EthernetHeader.FixedSize + payload.Length];
        new EthernetHeader(destination, source, type).Emit(frame);
        payload.CopyTo(frame.AsSpan(EthernetHeader.FixedSize));
        return frame;
    }

    /// <summary>An IPv4 packet; length, options and checksum of <paramref name="header"/> are filled in.</summary>
    public static byte[] Ipv4(Ipv4Header header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> options = default)
    {
        var length = Ipv4Header.FixedSize + options.Length;
        var packet = new byte[length + payload.Length];
        (header with { HeaderLength = length, TotalLength = (ushort)packet.Length }).Emit(packet);
        options.CopyTo(packet.AsSpan(Ipv4Header.FixedSize));
        payload.CopyTo(packet.AsSpan(length));
        return Sum(packet);
    }

    /// <summary>The packet with its header checksum made right again.</summary>
    public static byte[] Sum(byte[] packet)
    {
        var header = packet.AsSpan(0, Math.Min(packet.Length, Math.Max(Ipv4Header.FixedSize, (packet[0] & 0xF) * 4)));
        header.Slice(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Compute(header));
        return packet;
    }

    public static byte[] Udp(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload, bool hasChecksum = true)
    {
        var datagram = new byte[UdpHeader.FixedSize + payload.Length];
        new UdpHeader(source.Port, destination.Port, (ushort)datagram.Length, 0).Emit(datagram);
        payload.CopyTo(datagram.AsSpan(UdpHeader.FixedSize));
        if (!hasChecksum)
            return datagram;
        var sum = InternetChecksum.PseudoHeader(source.Address, destination.Address, IpProtocol.Udp, datagram.Length);
        var checksum = InternetChecksum.Finish(InternetChecksum.Add(sum, datagram));
        BinaryPrimitives.WriteUInt16BigEndian(
            datagram.AsSpan(UdpHeader.ChecksumOffset), checksum == 0 ? (ushort)0xFFFF : checksum);
        return datagram;
    }

    public static byte[] Icmp(IcmpMessage message, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[IcmpMessage.FixedSize + data.Length];
        message.Emit(bytes);
        data.CopyTo(bytes.AsSpan(IcmpMessage.FixedSize));
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes.AsSpan(IcmpMessage.ChecksumOffset), InternetChecksum.Compute(bytes));
        return bytes;
    }

    public static byte[] Echo(IcmpEcho echo, ReadOnlySpan<byte> data) =>
        Icmp(new(echo.IsReply ? IcmpType.EchoReply : IcmpType.Echo, 0, ((uint)echo.Identifier << 16) | echo.Sequence),
            data);
}
