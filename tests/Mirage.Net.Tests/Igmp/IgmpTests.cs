namespace Mirage.Net.Tests;

using Ip = Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>;

/// <summary>What routers are told of the groups: RFC 9776, and RFC 2236 and RFC 1112 to older ones.</summary>
public sealed class IgmpTests
{
    private const string Join = "224.0.0.22 ToExclude 239.1.2.3", Left = "224.0.0.22 ToInclude 239.1.2.3",
        Is = "224.0.0.22 IsExclude 239.1.2.3";

    [Fact]
    [Trait("Behaviour", "72")]
    public void Join_IsToldTwice_AndLeave_WhenTheLastOneLeaves() => IgmpStation.Run(async (station, igmp) =>
    {
        var (first, second) = (igmp.Bind("first"), igmp.Bind("second", port: 5001));
        igmp.Join(first);
        Assert.Equal([Join], igmp.Told()); // RFC 9776 section 5.1: at once,
        igmp.Join(second);
        igmp.Join(first);
        await station.Sleep(2);
        Assert.Equal([Join], igmp.Told()); // and once more within a second.
        igmp.Leave(first);
        igmp.Leave(first);
        await station.Sleep(2);
        Assert.Empty(igmp.Told());
        second.Dispose();
        await station.Sleep(2);
        Assert.Equal([Left, Left], igmp.Told());
        Assert.Equal(0, Ip.Groups(station.Ip).Count);
        await station.Sleep(600);
        Assert.Empty(igmp.Told());
    });

    [Fact]
    [Trait("Behaviour", "72")]
    public void Query_IsAnsweredOnce_WithinItsTime() => IgmpStation.Run(async (station, igmp) =>
    {
        var port = await Joined(station, igmp);
        igmp.Join(port, IgmpStation.Other);
        await station.Sleep(2);
        igmp.Told();
        igmp.Message(IgmpStation.QueryV3());
        Assert.Empty(igmp.Told());
        await station.Sleep(1.1);
        Assert.Equal([$"{Is} IsExclude 239.1.2.4"], igmp.Told());
        igmp.Message(IgmpStation.QueryV3(IgmpStation.Group), IgmpStation.Group);
        igmp.Message(IgmpStation.QueryV3(IgmpStation.Group, sources: 2), IgmpStation.Group);
        igmp.Message(IgmpStation.QueryV3(IpAddress.Parse("239.9.9.9")));
        await station.Sleep(1.1);
        Assert.Equal([Is], igmp.Told());
    });

    [Fact]
    [Trait("Behaviour", "72")]
    public void QuerierOfVersion2_IsAnsweredInIt_UntilItIsGone() => IgmpStation.Run(async (station, igmp) =>
    {
        var port = await Joined(station, igmp);
        igmp.Message(IgmpStation.Short(0x11, 10));
        await station.Sleep(1.1);
        Assert.Equal(["239.1.2.3 ReportV2 239.1.2.3"], igmp.Told());
        igmp.Join(port, IgmpStation.Other);
        await station.Sleep(11);
        Assert.Equal(["239.1.2.4 ReportV2 239.1.2.4", "239.1.2.4 ReportV2 239.1.2.4"], igmp.Told());

        // Another member answers first: RFC 2236 section 3. Its group is not ours to leave then.
        igmp.Message(IgmpStation.Short(0x11, 10));
        igmp.Message(IgmpStation.Short(0x16, 0, IgmpStation.Group), IgmpStation.Group);
        await station.Sleep(1.1);
        Assert.Equal(["239.1.2.4 ReportV2 239.1.2.4"], igmp.Told());
        port.Dispose();
        await station.Sleep(1.1);
        Assert.Equal(["224.0.0.2 Leave 239.1.2.4"], igmp.Told());

        // RFC 9776 section 8.12: twice the query interval and a response interval later it is gone.
        await station.Sleep(261);
        igmp.Join(igmp.Bind("again"));
        Assert.Equal([Join], igmp.Told());
    });

    [Fact]
    [Trait("Behaviour", "72")]
    public void QuerierOfVersion1_IsAnsweredInIt_AndNotToldOfLeaving() => IgmpStation.Run(async (station, igmp) =>
    {
        var port = await Joined(station, igmp);
        igmp.Message(IgmpStation.Short(0x11, 0), hasAlert: false); // RFC 1112 knows no router alert.
        await station.Sleep(11);
        Assert.Equal(["239.1.2.3 ReportV1 239.1.2.3"], igmp.Told());
        port.Dispose();
        await station.Sleep(11);
        Assert.Empty(igmp.Told());
    });

    [Fact]
    [Trait("Behaviour", "73")]
    public void WhatMayHavePassedARouter_OrIsMalformed_IsDroppedAndCounted() => IgmpStation.Run(async (station, igmp) =>
    {
        await Joined(station, igmp);
        var counters = Ip.Groups(station.Ip).Counters;
        igmp.Message(IgmpStation.QueryV3(), ttl: 2);
        igmp.Message(IgmpStation.QueryV3(), hasAlert: false);
        Assert.Equal(2, counters.InForeign);
        igmp.Message(IgmpStation.QueryV3(), isSummed: false);
        igmp.Message(IgmpStation.QueryV3()[..7]);
        igmp.Message(IgmpStation.QueryV3()[..11]);
        igmp.Message(IgmpStation.QueryV3(sources: 3)[..20]); // It names more sources than it has.
        igmp.Message(IgmpStation.QueryV3(Station.Peer)); // No group.
        igmp.Message([], isSummed: false);
        Assert.Equal((6, 0), (counters.InErrors, counters.InQueries));
        await station.Sleep(30);
        Assert.Empty(igmp.Told());
    });

    [Theory]
    [Trait("Behaviour", "72")]
    [InlineData(true)]
    [InlineData(false)]
    public void FloodOfQueries_IsAnsweredTwiceASecondAtMost(bool isVersion3) => IgmpStation.Run(async (station, igmp) =>
    {
        await Joined(station, igmp);
        for (var count = 0; count < 1000; count++)
        {
            igmp.Message(isVersion3 ? IgmpStation.QueryV3(tenths: 0) : IgmpStation.Short(0x11, 1));
            await station.Sleep(0.01);
        }

        Assert.InRange(igmp.Told().Length, 10, 21);
    });

    [Fact]
    public void Groups_AreLimited_AndLeavingOnesMakeRoom() => IgmpStation.Run(async (station, igmp) =>
    {
        var port = igmp.Bind("port");
        for (var count = 0; count < IgmpMachine.GroupsMax; count++)
            Assert.True(igmp.Join(port, IpAddress.FromV4(0xEF00_0000 + (uint)count)).IsRight);
        Assert.IsType<UdpError.Link>(igmp.Join(port).Error());
        await station.Sleep(3);
        igmp.Told();
        igmp.Message(IgmpStation.QueryV3());
        await station.Sleep(2);
        var reports = igmp.Told();
        Assert.Equal(4, reports.Length); // 64 records fit one.
        Assert.Equal(IgmpMachine.GroupsMax, reports.Sum(static report => report.Split("IsExclude").Length - 1));

        igmp.Leave(port, IpAddress.FromV4(0xEF00_0000));
        Assert.True(igmp.Join(port).IsRight);
        Assert.Equal(IgmpMachine.GroupsMax, Ip.Groups(station.Ip).Count);
    });

    [Fact]
    public void Disconnect_LeavesNoTimer_AndSaysNothingMore() => IgmpStation.Run(async (station, igmp) =>
    {
        igmp.Join(igmp.Bind("port"));
        igmp.Message(IgmpStation.QueryV3());
        await Ip.Disconnect(station.Ip);
        igmp.Told();
        igmp.Message(IgmpStation.QueryV3());
        await station.Sleep(30);
        Assert.Empty(igmp.Told());
    });

    [Fact]
    public void WithoutAGroup_MessagesAreNotTaken() => IgmpStation.Run(async (station, igmp) =>
    {
        igmp.Message(IgmpStation.QueryV3());
        await station.Sleep(30);
        Assert.Empty(igmp.Told());
        Assert.Equal(0, Ip.Groups(station.Ip).Counters.InMsgs);
    });

    private static async ValueTask<UdpPort> Joined(Station station, IgmpStation igmp)
    {
        var port = igmp.Bind("port");
        Assert.True(igmp.Join(port).IsRight);
        await station.Sleep(2);
        igmp.Told();
        return port;
    }
}
