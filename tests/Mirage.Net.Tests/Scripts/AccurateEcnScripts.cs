using Mirage.Testing;
using static Mirage.Net.Tests.ScriptSteps;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>Accurate ECN on the wire, packet by packet.</summary>
public sealed class AccurateEcnScripts
{
    private const byte Kind = 172;

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.1")]
    [Trait("Conforms", "RFC 9768 section 3.2.2.1")]
    [Trait("Behaviour", "138")]
    public void PeerAsks_IsAgreedWith_AndItsMarksAreCounted() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000).Ecn(IpEcn.NotEct));
        await script.Expect(SynAck().Ace(2).Ecn(IpEcn.NotEct));
        script.Inject(Ack(1, 1).Ace(2).Window(30_000));
        var flow = await listener.Accept();
        script.Inject(Data(1, 1, Mss).Ace(5).Ecn(IpEcn.Ect0));
        await script.Expect(Ack(1, 1001).Ace(5).Ecn(IpEcn.NotEct).Without(Kind));
        script.Inject(Data(1001, 1, Mss).Ace(5).Ecn(IpEcn.Ce));
        await script.Expect(Ack(1, 2001).Ace(6));
        flow.Write(10);
        await script.Expect(Data(1, 2001, 10).Ace(6).Ecn(IpEcn.Ect0));
        // What is sent again is not capable.
        await script.Expect(Data(1, 2001, 10).Ace(6).Ecn(IpEcn.NotEct), Within(Seconds(2)));
    });

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.4.2")]
    [Trait("Behaviour", "138")]
    public void AnswersAreLost_TheThirdIsWithoutIt_AndNothingIsCapable() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000));
        await script.Expect(SynAck().Ace(2));
        await script.Expect(SynAck().Ace(2).Without(Kind), After(Seconds(1)));
        await script.Expect(SynAck().Without(Kind), After(Seconds(2)));
        script.Inject(Ack(1, 1).Window(30_000));
        var flow = await listener.Accept();
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Psh().Ace(5).Ecn(IpEcn.NotEct));
    });

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.5")]
    [Trait("Behaviour", "138")]
    public void AnswersAreLost_PeerThatHasHadOne_IsToldOfMarks() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000));
        await script.Expect(SynAck().Ace(2));
        await script.Expect(SynAck().Ace(2).Without(Kind), After(Seconds(1)));
        await script.Expect(SynAck().Without(Kind), After(Seconds(2)));
        script.Inject(Ack(1, 1).Ace(2).Window(30_000));
        script.Inject(Data(1, 1, 10).Ace(5).Ecn(IpEcn.Ce).Window(30_000));
        await script.Expect(Ack(1, 11).Ace(6));
        var flow = await listener.Accept();
        flow.Write(10);
        await script.Expect(Data(1, 11, 10).Psh().Ace(6).Ecn(IpEcn.NotEct));
    });

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.5")]
    [Trait("Behaviour", "138")]
    public void PeerAsksForTheOtherKind_IsReset() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000));
        await script.Expect(SynAck().Ace(2));
        script.Inject(Syn().Ace(3).Mss(Mss).Window(30_000));
        await script.Expect(RstAck(1, 1));
    });

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.5")]
    [Trait("Behaviour", "138")]
    public void SynAgain_InAnotherField_IsAnsweredWithThatOfTheLatest() => PacketScript.Run(async script =>
    {
        await using (script.Listen())
        {
            script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000));
            await script.Expect(SynAck().Ace(2));
            script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000).Ecn(IpEcn.Ce));
            await script.Expect(SynAck().Ace(6).Without(Kind));
        }

        await script.Expect(RstAck(1, 1));
    });

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.4")]
    [Trait("Behaviour", "138")]
    public void PeerAsksNoMore_IsAnsweredWithoutIt_AndNothingIsCapable() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000));
        await script.Expect(SynAck().Ace(2));
        script.Inject(Syn().Mss(Mss).Window(30_000));
        await script.Expect(SynAck().Without(Kind));
        script.Inject(Ack(1, 1).Window(30_000));
        var flow = await listener.Accept();
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Psh().Ace(5).Ecn(IpEcn.NotEct));
    });

    [Fact]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [Trait("Conforms", "RFC 5961 section 4.2")]
    [Trait("Behaviour", "138")]
    public void HalfOpen_Challenge_HasTimestampsAndTheCounter() => PacketScript.Run(async script =>
    {
        await using (script.Listen())
        {
            script.Inject(Syn().Ace(7).Mss(Mss).Window(30_000).Timestamps(1000, 0));
            await script.Expect(SynAck().Ace(2).Timestamps(echo: 1000));
            script.Inject(Ack(500_000, 1).Timestamps(1001, 0));
            await script.Expect(Ack(1, 1).Ace(5).Timestamps(echo: 1000));
        }

        await script.Expect(RstAck(1, 1).Timestamps(echo: 1000));
    });

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.1")]
    [Trait("Conforms", "RFC 9768 section 3.2.3")]
    [Trait("Behaviour", "138")]
    public void AsksForEcn_PeerCounts_BothTellWhatWasMarked() => PacketScript.Run(async script =>
    {
        var opening = script.Connect(80, options: new() { AsksForEcn = true });
        await script.Expect(Syn().Ace(7).Without(Kind));
        script.Inject(
            SynAck().Ace(2).Mss(Mss).Window(30_000).RawOptions(Kind, 11, 0, 0, 1, 0, 0, 0, 0, 0, 1).Ecn(IpEcn.Ect0));
        await script.Expect(Ack(1, 1).Ace(4)); // The answer came as ECT(0).
        var flow = await opening.Established();
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Ace(5).Ecn(IpEcn.Ect0));
        script.Inject(Ack(1, 11).Ace(6).Window(30_000));
        await script.ExpectNothing(Milliseconds(1));
    });

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.1")]
    [Trait("Behaviour", "138")]
    public void AsksForEcn_PeerKnowsTheOlderKind_ItIsAgreedOn() => PacketScript.Run(async script =>
    {
        var opening = script.Connect(80, options: new() { AsksForEcn = true });
        await script.Expect(Syn().Ace(7));
        script.Inject(SynAck().Ece().Mss(Mss).Window(30_000));
        await script.Expect(Ack(1, 1));
        var flow = await opening.Established();
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Ecn(IpEcn.Ect0));
        script.Inject(Ack(1, 11).Ece().Window(30_000));
        await script.ExpectNothing(Milliseconds(1));
        flow.Write(10);
        await script.Expect(Data(11, 1, 10).Cwr().Ecn(IpEcn.Ect0));
    });
}
