using Mirage.Net;

namespace Mirage.Unix.Tests;

public sealed class QueueGroupTests
{
    private static readonly MacAddress s_mac = new(0x020000000001);
    private static readonly IpAddress s_own = IpAddress.Parse("10.0.0.2"), s_peer = IpAddress.Parse("10.0.0.1");

    [Theory]
    [InlineData(ArpOperation.Reply, "10.0.0.1", "10.0.0.2", true)]
    [InlineData(ArpOperation.Request, "10.0.0.1", "10.0.0.1", true)] // An announcement.
    [InlineData(ArpOperation.Request, "10.0.0.1", "10.0.0.2", false)] // One of the stacks answers.
    public void Arp_IsForAllWhenThereIsSomethingToLearn(
        ArpOperation operation, string sender, string target, bool isForAll)
    {
        var image = new byte[ArpPacket.FixedSize];
        new ArpPacket(operation, s_mac, IpAddress.Parse(sender), default, IpAddress.Parse(target)).Emit(image);
        Assert.Equal(isForAll, QueueGroup.IsForAll(Frame(EtherType.Arp, image)));
    }

    [Theory]
    [InlineData(IpProtocol.Icmp, IcmpType.DestinationUnreachable, true)]
    [InlineData(IpProtocol.Icmp, IcmpType.TimeExceeded, true)]
    [InlineData(IpProtocol.Icmp, IcmpType.ParameterProblem, true)]
    [InlineData(IpProtocol.Icmp, IcmpType.EchoReply, true)]
    [InlineData(IpProtocol.Icmp, IcmpType.Echo, false)]
    [InlineData(IpProtocol.Udp, IcmpType.DestinationUnreachable, false)]
    public void Ip_IsForAllWhenOnlyOneStackKnowsTheFlow(IpProtocol protocol, IcmpType type, bool isForAll)
    {
        byte[] payload = [(byte)type, 0, 0, 0, 0, 0, 0, 0];
        var packet = new byte[Ipv4Header.FixedSize + payload.Length];
        new Ipv4Header
        {
            HeaderLength = Ipv4Header.FixedSize,
            TotalLength = (ushort)packet.Length,
            Protocol = protocol,
            Source = s_peer,
            Destination = s_own,
        }.Emit(packet);
        payload.CopyTo(packet, Ipv4Header.FixedSize);
        var frame = Frame(EtherType.Ipv4, packet);
        Assert.Equal(isForAll, QueueGroup.IsForAll(frame));
        for (var length = 0; length < frame.Length - payload.Length; length++)
            Assert.False(QueueGroup.IsForAll(frame.AsSpan(0, length)), "What is cut short is for nobody.");
    }

    [Fact]
    public void SharedFramesThatWaitForALoop_AreBounded()
    {
        using var host = new UnixHost();
        FrameDescriptor[] devices = [new(-1, 0, 1500), new(-1, 0, 1500)];
        var group = new QueueGroup(s_mac, devices);
        var taken = 0;
        group.Join(1, host.Loop, _ => taken++);
        var image = new byte[ArpPacket.FixedSize];
        new ArpPacket(ArpOperation.Reply, s_mac, s_peer, default, s_own).Emit(image);
        var frame = Frame(EtherType.Arp, image);
        for (var count = 0; count <= QueueGroup.SharedMax; count++)
            group.Share(frame);
        host.Run(async () =>
        {
            await Task.Yield();
            Assert.Equal(QueueGroup.SharedMax, taken);
            group.Share(frame); // There is room again.
            await Task.Yield();
            Assert.Equal(QueueGroup.SharedMax + 1, taken);
            group.Leave(1);
            group.Share(frame);
            await Task.Yield();
            Assert.Equal(QueueGroup.SharedMax + 1, taken);
        });
    }

    [Fact]
    public void Queue_IsTakenOnce()
    {
        FrameDescriptor[] devices = [new(5, 0, 1500), new(6, 0, 1500)];
        var group = new QueueGroup(s_mac, devices);
        Assert.Equal((6, 5), (group.Take(1)!.Descriptor, group.Take(0)!.Descriptor));
        Assert.Null(group.Take(0));
        Assert.Null(group.Take(2));
    }

    private static byte[] Frame(EtherType type, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[EthernetHeader.FixedSize + payload.Length];
        new EthernetHeader(s_mac, new(0x020000000099), type).Emit(frame);
        payload.CopyTo(frame.AsSpan(EthernetHeader.FixedSize));
        return frame;
    }
}
