using System.Buffers.Binary;
using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Frames of any protocol to a stack at 10.0.0.2.</summary>
internal static class StackFrames
{
    private static readonly MacAddress s_peer = new(0x020000000099);
    private static readonly IpAddress s_own = IpAddress.Parse("10.0.0.1");
    private static readonly IpAddress s_stack = IpAddress.Parse("10.0.0.2");

    public static byte[] Any(MacAddress stack, SplitMix64 random)
    {
        if (random.Next(5) == 0)
        {
            var arp = new byte[ArpPacket.FixedSize];
            new ArpPacket((ArpOperation)(1 + random.Next(2)), s_peer, s_own, stack, s_stack).Emit(arp);
            return Packets.Frame(MacAddress.Broadcast, s_peer, EtherType.Arp, arp);
        }

        var (own, other) = (new Endpoint(s_own, 4000), new Endpoint(s_stack, (ushort)(random.Next(2) == 0 ? 7 : 80)));
        var (protocol, payload) = random.Next(4) switch
        {
            0 => (IpProtocol.Udp, Packets.Udp(own, other, new byte[random.Next(1000)])),
            1 => (IpProtocol.Icmp, Packets.Echo(new(false, 1, 2), new byte[random.Next(100)])),
            2 => ((IpProtocol)random.Next(256), new byte[random.Next(100)]),
            _ => (IpProtocol.Tcp, Segment(other, random)),
        };
        var header = new Ipv4Header { Source = s_own, Destination = s_stack, Protocol = protocol, Ttl = 64 };
        if (random.Next(6) == 0)
            header = header with { Flags = Ipv4Flags.MoreFragments, FragmentOffset = 8 * random.Next(3) };
        return Packets.Frame(stack, s_peer, EtherType.Ipv4, Packets.Ipv4(header, payload));
    }

    private static byte[] Segment(Endpoint other, SplitMix64 random)
    {
        var flags = random.Next(2) == 0 ? TcpFlags.Syn : (TcpFlags)random.Next(256);
        var header = new TcpHeader(4000, other.Port, (uint)random.Next(100), (uint)random.Next(100), flags, 60_000);
        var image = new byte[header.Size + random.Next(300)];
        header.Emit(image);
        var sum = InternetChecksum.PseudoHeader(s_own, s_stack, IpProtocol.Tcp, image.Length);
        BinaryPrimitives.WriteUInt16BigEndian(image.AsSpan(TcpHeader.ChecksumOffset),
            InternetChecksum.Finish(InternetChecksum.Add(sum, image)));
        return image;
    }
}
