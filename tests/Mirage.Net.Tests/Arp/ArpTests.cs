using LanguageExt;
using Mirage.Testing;

namespace Mirage.Net.Tests;

using Arp = Arp<Ethernet<TestNetwork>>;

[Trait("Conforms", "RFC 826")]
public sealed class ArpTests
{
    private static readonly MacAddress s_peerMac = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly IpAddress s_ip = IpAddress.Parse("10.0.0.2");
    private static readonly IpAddress s_peer = IpAddress.Parse("10.0.0.1");

    [Fact]
    public void QueryAnswered_GivesTheLinkAddressToEveryWaiter() => Run(async (arp, host, wire) =>
    {
        var first = Arp.Query(arp, s_peer).AsTask();
        var second = Arp.Query(arp, s_peer).AsTask();
        var request = Assert.Single(wire.Take());
        Assert.Equal((MacAddress.Broadcast, EtherType.Arp), (request.Ethernet.Destination, request.Ethernet.Type));
        Assert.Equal(new ArpPacket(ArpOperation.Request, TestWire.Mac, s_ip, default, s_peer), request.Arp);

        Input(arp, new(ArpOperation.Reply, s_peerMac, s_peer, TestWire.Mac, s_ip));

        Assert.Equal(s_peerMac, await first);
        Assert.Equal(s_peerMac, await second);
        Assert.True(Arp.TryGet(arp, s_peer, out var mac));
        Assert.Equal(s_peerMac, mac);
        Assert.Equal(s_peerMac, await Arp.Query(arp, s_peer));
        Assert.Empty(wire.Take());
    });

    [Fact]
    public void Disconnected_QueriesEnd_AndNothingIsSentLater() => Run(async (arp, host, wire) =>
    {
        var waiting = Arp.Query(arp, s_peer).AsTask();
        await Arp.Disconnect(arp);
        wire.Take();
        Assert.Equal(new ArpError.Timeout(s_peer), (ArpError)await waiting);
        Assert.Equal(new ArpError.Timeout(s_peer), (ArpError)await Arp.Query(arp, s_peer));
        await Task.Delay(TimeSpan.FromSeconds(30), host.Time);
        Assert.Empty(wire.Take());
    });

    [Fact]
    [Trait("Behaviour", "10")]
    public void QueryThatNobodyAnswers_TimesOut() => Run(async (arp, host, wire) =>
    {
        var startNs = host.Loop.NowNs;
        var error = await Arp.Query(arp, s_peer);
        Assert.Equal(new ArpError.Timeout(s_peer), (ArpError)error);
        Assert.Equal(3_000_000_000, host.Loop.NowNs - startNs);
        Assert.Equal(3, wire.Take().Length);
    });

    [Fact]
    public void MoreQueriesThanTheTableHolds_AreRefusedAtOnce() => Run(async (arp, host, wire) =>
    {
        for (var index = 0u; index < ArpMachine.ResolvingMax; index++)
            _ = Arp.Query(arp, IpAddress.FromV4(0x0A01_0000 + index)).AsTask();
        Assert.Equal(new ArpError.TableFull(), (ArpError)await Arp.Query(arp, s_peer));
    });

    [Fact]
    [Trait("Behaviour", "4")]
    public void RequestForOwnAddress_IsAnsweredByUnicast() => Run((arp, host, wire) =>
    {
        Input(arp, new(ArpOperation.Request, s_peerMac, s_peer, default, s_ip));
        var reply = Assert.Single(wire.Take());
        Assert.Equal(s_peerMac, reply.Ethernet.Destination);
        Assert.Equal(new ArpPacket(ArpOperation.Reply, TestWire.Mac, s_ip, s_peerMac, s_peer), reply.Arp);
        return ValueTask.CompletedTask;
    });

    [Fact]
    [Trait("Behaviour", "6")]
    [Trait("Hostile", "1")]
    public void WrongTypesAndLengths_AreDropped() => Run((arp, host, wire) =>
    {
        var image = new byte[60];
        new ArpPacket(ArpOperation.Request, s_peerMac, s_peer, default, s_ip).Emit(image);
        for (var octet = 0; octet < 8; octet++)
        {
            var bad = (byte[])image.Clone();
            bad[octet] ^= 0x10;
            Arp.Input(arp, new ReceivedFrame(bad));
        }

        for (var length = 0; length < ArpPacket.FixedSize; length++)
            Arp.Input(arp, new ReceivedFrame(image.AsSpan(0, length)));
        Assert.Empty(wire.Take());
        Assert.False(Arp.TryGet(arp, s_peer, out _));
        Assert.Equal(36, Arp.Counters(arp).InDiscards);
        return ValueTask.CompletedTask;
    });

    [Fact]
    [Trait("Conforms", "RFC 5227")]
    public void AddedAddress_IsAnnouncedByTheTimerToo()
    {
        using var host = new SimHost();
        var wire = TestWire.Of(host);
        Booted.Run<Arp>(host, async arp =>
        {
            Arp.AddAddress(arp, s_ip);
            await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
            Assert.Equal([s_ip], Arp.Addresses(arp));
        });
        var announcement = new ArpPacket(ArpOperation.Request, TestWire.Mac, s_ip, default, s_ip);
        Assert.Equal([announcement, announcement], wire.Take().Select(frame => frame.Arp));
    }

    private static void Input(Arp arp, ArpPacket packet)
    {
        var image = new byte[46]; // Padded as on a wire.
        packet.Emit(image);
        Arp.Input(arp, new ReceivedFrame(image));
    }

    private static void Run(Func<Arp, SimHost, TestWire, ValueTask> body)
    {
        using var host = new SimHost();
        var wire = TestWire.Of(host);
        Booted.Run<Arp>(host, async arp =>
        {
            Arp.AddAddress(arp, s_ip);
            await Task.Delay(TimeSpan.FromSeconds(3), host.Time);
            wire.Take();
            await body(arp, host, wire);
        });
    }
}
