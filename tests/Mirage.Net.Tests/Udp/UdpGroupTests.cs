using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

/// <summary>Datagrams to multicast groups, RFC 1112.</summary>
public sealed class UdpGroupTests
{
    [Fact]
    [Trait("Behaviour", "83")]
    public void PortsInTheGroup_GetItsDatagrams_OthersDoNot() => IgmpStation.Run((station, igmp) =>
    {
        var member = igmp.Bind("member");
        var bound = igmp.Bind("bound", new() { LocalAddress = Station.Own });
        var connected = igmp.Bind("connected", new() { Remote = IgmpStation.Peer });
        igmp.Bind("stranger", new() { Remote = IgmpStation.Peer with { Port = 1 } });
        igmp.Bind("elsewhere", port: 5001);
        igmp.Send(IgmpStation.Group);
        Assert.Empty(igmp.Heard.Take()); // Nobody is in it.
        Assert.Equal(1, station.IpCounters.InAddrErrors);

        igmp.Join(member);
        igmp.Join(member); // Twice is once.
        igmp.Join(bound);
        igmp.Join(connected);
        igmp.Send(IgmpStation.Group);
        Assert.Equal(["member 01", "bound 01", "connected 01"], igmp.Heard.Take());
        igmp.Send(IgmpStation.Group, IgmpStation.Peer with { Port = 4001 });
        Assert.Equal(["member 01", "bound 01"], igmp.Heard.Take());
        igmp.Send(IgmpStation.Other);
        igmp.Send(IgmpStation.Group, port: 5001);
        Assert.Empty(igmp.Heard.Take());

        igmp.Leave(member);
        bound.Dispose();
        igmp.Send(IgmpStation.Group);
        Assert.Equal(["connected 01"], igmp.Heard.Take());
        igmp.Leave(connected);
        igmp.Send(IgmpStation.Group);
        Assert.Empty(igmp.Heard.Take());
        return ValueTask.CompletedTask;
    });

    [Fact]
    [Trait("Behaviour", "83")]
    [Trait("Behaviour", "36")]
    public void DatagramToAGroup_WhosePortNobodyHas_DrawsNoError() => IgmpStation.Run((station, igmp) =>
    {
        station.Learn();
        igmp.Join(igmp.Bind("member"));
        station.Wire.Take();
        igmp.Send(IgmpStation.Group, port: 9);
        igmp.Send(IgmpMachine.AllSystems);
        Assert.Empty(station.Wire.Take());
        Assert.Equal(2, station.UdpCounters.NoPorts);
        return ValueTask.CompletedTask;
    });

    [Theory]
    [Trait("Behaviour", "83")]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(32, 32)]
    public void DatagramToAGroup_HasTheTtlAskedFor_AndTheGroupsMac(byte asked, byte ttl) =>
        IgmpStation.Run((station, igmp) =>
        {
            var port = igmp.Bind("port", new() { MulticastTtl = asked });
            Write(station, port, 1);
            var frame = Assert.Single(station.Wire.Take());
            Assert.Equal((ttl, IgmpStation.Group), (frame.Ip.Ttl, frame.Ip.Destination));
            Assert.Equal("01:00:5e:01:02:03", frame.Ethernet.Destination.ToString());
            station.Learn();
            Datagrams.Write(station.Udp, port, IgmpStation.Peer, default);
            Assert.Equal(64, Assert.Single(station.Wire.Take()).Ip.Ttl); // To one host as ever.
            return ValueTask.CompletedTask;
        });

    [Fact]
    [Trait("Behaviour", "83")]
    public void Loopback_ReachesPortsInTheGroup_LaterAndWhenAskedFor() => IgmpStation.Run(async (station, igmp) =>
    {
        var loud = igmp.Bind("loud", new() { MulticastLoopback = true });
        var quiet = igmp.Bind("quiet", port: 5001);
        Write(station, loud, 1);
        await station.Sleep(1);
        Assert.Empty(igmp.Heard.Take()); // Not in the group.
        igmp.Join(loud);
        Write(station, loud, 2);
        Write(station, quiet, 3);
        Assert.Empty(igmp.Heard.Take());
        await station.Sleep(1);
        Assert.Equal(["loud 02"], igmp.Heard.Take());

        for (var count = 0; count <= UdpCore<TestIp>.LoopbackMax; count++)
            Write(station, loud, 4);
        await station.Sleep(1);
        Assert.Equal(UdpCore<TestIp>.LoopbackMax, igmp.Heard.Take().Length);
        Assert.Equal(1, station.UdpCounters.LoopbackDrops);
    });

    [Fact]
    [Trait("Behaviour", "83")]
    public void AddressOfAGroup_IsNoneToBindTo_AndNoSource() => IgmpStation.Run((station, igmp) =>
    {
        var member = igmp.Bind("member");
        igmp.Join(member);
        var options = new BindOptions { LocalAddress = IgmpStation.Group };
        Assert.IsType<UdpError.Link>(
            Datagrams.Bind(station.Udp, 7, igmp.Heard.As("x"), options).Error());
        igmp.Send(IgmpStation.Group, new(IgmpStation.Group, 4000));
        Assert.Empty(igmp.Heard.Take());
        Assert.Equal(1, station.IpCounters.InMartians);
        Assert.IsType<UdpError.Link>(igmp.Join(member, Station.Peer).Error());
        member.Dispose();
        Assert.Equal(new UdpError.Closed(), igmp.Join(member).Error());
        return ValueTask.CompletedTask;
    });

    [Fact]
    [Trait("Behaviour", "83")]
    public void Memberships_AreLimited() => IgmpStation.Run((station, igmp) =>
    {
        var count = 0;
        for (var port = 0; port < UdpGroups.CountMax / 128 && count < UdpGroups.CountMax; port++)
        {
            var bound = igmp.Bind("x", port: (ushort)(1000 + port));
            for (var index = 0; index < 128; index++, count++)
                Assert.True(igmp.Join(bound, IpAddress.FromV4(0xEF00_0000 + (uint)index)).IsRight);
        }

        Assert.IsType<UdpError.Link>(igmp.Join(igmp.Bind("last")).Error());
        return ValueTask.CompletedTask;
    });

    [Fact]
    [Trait("Behaviour", "83")]
    public void SocketsOfTwoStacks_TalkInAGroup()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            var one = TcpIp<VirtualPort>.Create(host, left, Cidr.Parse("10.0.0.1/24"));
            var two = TcpIp<VirtualPort>.Create(host, right, Cidr.Parse("10.0.0.2/24"));
            var buffer = new byte[100];
            using var sender = UdpSocket<TcpIp<VirtualPort>>.Open(host, one).Value();
            using var receiver =
                UdpSocket<TcpIp<VirtualPort>>.Open(host, two, IgmpStation.Port).Value();
            Assert.True(receiver.Join(IgmpStation.Group).IsRight);
            sender.Send(new(IgmpStation.Group, IgmpStation.Port), new("hello"u8.ToArray()));
            var received = (await receiver.ReceiveAsync(buffer)).Value();
            Assert.Equal((5, IgmpStation.Group), (received.Length, received.Destination.Address));
            receiver.Leave(IgmpStation.Group);
            sender.Send(new(IgmpStation.Group, IgmpStation.Port), new("again"u8.ToArray()));
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            Assert.False(receiver.TryReceive(buffer, out _));
            await TcpIp<VirtualPort>.Disconnect(one);
            await TcpIp<VirtualPort>.Disconnect(two);
        });
    }

    private static void Write(Station station, UdpPort port, byte value) => Datagrams.Write(
        station.Udp, port, new(IgmpStation.Group, IgmpStation.Port), new ReadOnlySequence<byte>([value]));
}
