using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>How connections begin, packet by packet.</summary>
[Trait("Conforms", "RFC 9293 section 3.5")]
public sealed class OpenScripts
{
    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.1")]
    [Trait("Conforms", "RFC 7323 section 2.2")]
    [Trait("Behaviour", "120")]
    public void SynWithOptions_IsAnsweredWithOurs_AndDataFitsThePeersSegments() => PacketScript.Run(async script =>
    {
        var listener = script.Listen(80);
        script.Inject(Syn(0).Mss(700).Scale(3).Window(60_000));
        await script.Expect(SynAck(0, 1).Mss(1460).Scale(7).Window(65_535));
        script.Inject(Ack(1, 1).Window(1000)); // 8,000 bytes with the scale.
        var flow = await listener.Accept();
        flow.Write(1500);
        await script.Expect(Data(1, 1, 700).NoOptions());
        await script.Expect(Data(701, 1, 700));
        await script.Expect(Data(1401, 1, 100).Psh());
        script.Inject(RstAck(1, 1501));
    });

    [Fact]
    [Trait("Conforms", "RFC 7323 section 2.2")]
    [Trait("Behaviour", "120")]
    public void SynWithoutScale_IsAnsweredWithoutScale() => PacketScript.Run(async script =>
    {
        script.Listen();
        script.Inject(Syn().Mss(1000));
        await script.Expect(SynAck().Without(kind: 3));
    });

    [Fact]
    [Trait("Behaviour", "89")]
    public void BothOpenAtOnce_OneConnectionComesOfIt() => PacketScript.Run(async script =>
    {
        // RFC 9293 figure 7.
        var opening = script.Connect(80);
        await script.Expect(Syn(0));
        script.Inject(Syn(0).Mss(1000));
        await script.Expect(SynAck(0, 1));
        script.Inject(SynAck(0, 1).Mss(1000));
        await script.Expect(Ack(1, 1));
        var flow = await opening.Established();
        flow.Write(10);
        await script.Expect(Data(1, 1, 10));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.3")]
    [Trait("Behaviour", "88")]
    public void SynSent_OnlyAResetThatAcknowledgesTheSyn_Refuses() => PacketScript.Run(async script =>
    {
        var opening = script.Connect(80);
        await script.Expect(Syn(0));
        script.Inject(Rst(0));
        script.Inject(RstAck(0, 2));
        await script.ExpectNothing(Milliseconds(500));
        script.Inject(RstAck(0, 1));
        Assert.Equal(new TcpError.Refused(new(script.Options.Peer, 80)), await opening.Failed());
        await script.ExpectNothing(Seconds(10));
    });

    [Fact]
    [Trait("Conforms", "RFC 6298 section 2.1")]
    [Trait("Conforms", "RFC 6298 section 5.5")]
    [Trait("Behaviour", "91")]
    public void NobodyAnswers_TheSynIsRepeatedEachTimeTwiceAsLate() => PacketScript.Run(async script =>
    {
        var opening = script.Connect(80);
        await script.Expect(Syn(0));
        for (var seconds = 1; seconds <= 32; seconds *= 2)
            await script.Expect(Syn(0), After(Seconds(seconds)));
        await script.Expect(Syn(0), After(Seconds(60)));
        Assert.IsType<TcpError.Timeout>(await opening.Failed(After(Seconds(60))));
    });

    [Fact]
    [Trait("Conforms", "RFC 6528 section 3")]
    [Trait("Behaviour", "115")]
    [Trait("Hostile", "13")]
    public void SamePairOfEnds_InitialNumbersRiseWithTime_OthersAreUnrelated() => PacketScript.Run(async script =>
    {
        script.Listen();
        var first = await InitialOf(script, 4321);
        await script.ExpectNothing(Seconds(1));
        var second = await InitialOf(script, 4321);
        Assert.Equal(250_000u, second - first); // A tick of four microseconds, RFC 9293 section 3.4.1.
        var others = new List<uint>();
        for (ushort port = 5000; port < 5010; port++)
            others.Add(await InitialOf(script, port) - second);
        Assert.All(others, static distance => Assert.InRange(distance, 1_000_000u, uint.MaxValue - 1_000_000u));

        static async Task<uint> InitialOf(PacketScript script, ushort port)
        {
            var connection = script.AddConnection(80, port);
            connection.Inject(Syn());
            await connection.Expect(SynAck());
            connection.Inject(Rst(1));
            return connection.StackInitial;
        }
    });

    [Fact]
    [Trait("Behaviour", "113")]
    public void BacklogIsFull_TheSynIsDropped_AndItsRepetitionIsAnsweredOnceThereIsRoom() =>
        PacketScript.Run(async script =>
        {
            var listener = script.Listen(options: new() { Backlog = 1 });
            script.Inject(Syn());
            await script.Expect(SynAck());
            script.Inject(Ack(1, 1));
            var second = script.AddConnection(80, 4322, peerInitial: uint.MaxValue);
            second.Inject(Syn());
            await script.ExpectNothing(Seconds(1));
            await listener.Accept();
            second.Inject(Syn());
            await second.Expect(SynAck());
        });

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.1")]
    [Trait("Behaviour", "138")]
    public void SynThatAsksForEcn_IsAnswered_AndMarksAreEchoedUntilThePeerHears() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Mss(1000).Ece().Cwr());
        await script.Expect(SynAck().Ece().Ecn(IpEcn.NotEct));
        script.Inject(Ack(1, 1).Window(30_000));
        var flow = await listener.Accept();
        script.Inject(Data(1, 1, 1000).Ecn(IpEcn.Ce));
        await script.Expect(Ack(1, 1001).Ece().Ecn(IpEcn.NotEct));
        script.Inject(Data(1001, 1, 1000).Ecn(IpEcn.Ect0));
        await script.Expect(Ack(1, 2001).Ece());
        script.Inject(Data(2001, 1, 1000).Cwr().Ecn(IpEcn.Ect0));
        await script.Expect(Ack(1, 3001));
        await flow.Read(3000);

        flow.Write(2000);
        await script.Expect(Data(1, 3001, 1000).Ecn(IpEcn.Ect0));
        await script.Expect(Data(1001, 3001, 1000).Ecn(IpEcn.Ect0));
        script.Inject(Ack(3001, 2001).Window(30_000).Ece());
        await script.ExpectNothing(Milliseconds(1));
        flow.Write(1000);
        await script.Expect(Data(2001, 3001, 1000).Cwr().Ecn(IpEcn.Ect0));
        script.Inject(RstAck(3001, 3001));
    });
}
