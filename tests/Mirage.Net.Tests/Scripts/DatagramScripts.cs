using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>UDP, ICMP and ARP, packet by packet.</summary>
public sealed class DatagramScripts
{
    [Fact]
    [Trait("Conforms", "RFC 1122 section 4.1.3.1")]
    [Trait("Behaviour", "34")]
    public void ClosedPort_DrawsPortUnreachable_AndABoundOneAnswers() => PacketScript.Run(async script =>
    {
        script.Inject(Udp(4321, 53, 1, 2, 3));
        await script.Expect(Unreachable(IcmpUnreachable.Port));
        var port = script.Bind(53);
        script.Inject(Udp(4321, 53, 1, 2, 3).WrongChecksum());
        await script.ExpectNothing(Seconds(1));
        script.Inject(Udp(4321, 53, 4, 5).NoChecksum());
        var (source, payload) = await port.Receive();
        Assert.Equal(new(script.Options.Peer, 4321), source);
        Assert.Equal([4, 5], payload);
        port.Send(4321, 6, 7);
        await script.Expect(Udp(53, 4321, 6, 7));
    });

    [Fact]
    [Trait("Conforms", "RFC 792")]
    [Trait("Behaviour", "32")]
    public void EchoRequest_IsAnswered_OneWithAWrongChecksumIsNot() => PacketScript.Run(async script =>
    {
        script.Inject(EchoRequest(7, 1, 1, 2, 3));
        await script.Expect(EchoReply(7, 1, 1, 2, 3).Ttl(64));
        script.Inject(EchoRequest(7, 2, 1, 2, 3).WrongChecksum());
        await script.ExpectNothing(Seconds(1));
    });

    [Fact]
    [Trait("Conforms", "RFC 791 section 3.2")]
    [Trait("Behaviour", "22")]
    public void FragmentsOfAnEcho_AreAnsweredOnceTheyAreWhole() => PacketScript.Run(async script =>
    {
        // Type 8, code 0, checksum, identifier 0, number 0; then eight bytes more that sum up to zero.
        script.Inject(RawIp(Packets.Ipv4(Header(8, Ipv4Flags.None), [0, 0, 0, 0, 0, 0, 0, 0])));
        await script.ExpectNothing(Seconds(1));
        script.Inject(RawIp(Packets.Ipv4(Header(0, Ipv4Flags.MoreFragments), [8, 0, 0xF7, 0xFF, 0, 0, 0, 0])));
        await script.Expect(EchoReply(0, 0, new byte[8]));

        Ipv4Header Header(int offset, Ipv4Flags flags) => new()
        {
            Source = script.Options.Peer,
            Destination = script.Options.Stack.Address,
            Protocol = IpProtocol.Icmp,
            Identification = 5,
            Ttl = 64,
            FragmentOffset = offset,
            Flags = flags,
        };
    });

    [Fact]
    [Trait("Conforms", "RFC 1122 section 3.2.1.3")]
    [Trait("Hostile", "19")]
    [Trait("Hostile", "31")]
    public void DatagramThatNobodyCanHaveSent_GoesNowhere_SoThatNoEchoGoesRound() => PacketScript.Run(async script =>
    {
        var echo = script.Bind(7);
        string[] sources = ["10.0.0.1", "10.0.0.255", "255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.0"];
        foreach (var source in sources)
        {
            script.Inject(Udp(7, 7, 1).From(IpAddress.Parse(source)));
            script.Inject(Udp(7, 9, 1).From(IpAddress.Parse(source))); // Nobody has the port: an error would be due.
        }

        foreach (var group in (string[])["10.0.0.255", "255.255.255.255", "224.0.0.1"])
            script.Inject(Udp(7, 9, 1).To(IpAddress.Parse(group)));
        await script.ExpectNothing(Seconds(1));
        script.Inject(Udp(7, 7, 2, 3));
        var (peer, payload) = await echo.Receive();
        Assert.Equal([2, 3], payload); // What came before it did not come here.
        echo.Send(peer.Port, payload);
        await script.Expect(Udp(7, 7, 2, 3));
        await script.ExpectNothing(Seconds(1));
    });

    [Fact]
    [Trait("Conforms", "RFC 826")]
    [Trait("Conforms", "RFC 1122 section 2.3.2.1")]
    [Trait("Behaviour", "10")]
    public void UnknownPeer_IsAskedForOnceASecond_AndWhatWaitedFollowsTheAnswer() => PacketScript.Run(async script =>
    {
        await script.Skip(Seconds(3)); // The announcements of the stack's address.
        var (stack, peer) = (script.Options.Stack.Address, script.Options.Peer);
        var request = Arp(new(ArpOperation.Request, PacketScript.StackMac, stack, default, peer));
        script.Connect();
        await script.Expect(request);
        await script.Expect(request, After(Seconds(1)));
        script.Inject(Arp(new(ArpOperation.Reply, PacketScript.PeerMac, peer, PacketScript.StackMac, stack)));
        await script.Expect(Syn());
        await script.Expect(Syn()); // TCP had not waited.
    }, new() { AnswersArp = false });
}
