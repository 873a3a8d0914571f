using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>How connections end, and what attacks on them come to, packet by packet.</summary>
public sealed class CloseScripts
{
    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.6.1")]
    [Trait("Behaviour", "98")]
    public void PeerHasClosed_WritingStillWorks_AndTheLastAcknowledgmentEndsIt() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        script.Inject(Fin(1, 1, length: 10).Window(30_000));
        await script.Expect(Ack(1, 12));
        await flow.Read(10);
        await flow.ReadEnd();
        flow.Write(100);
        await script.Expect(Data(1, 12, 100).Psh());
        script.Inject(Ack(12, 101).Window(30_000));
        flow.Close();
        await script.Expect(Fin(101, 12));
        script.Inject(Ack(12, 102));
        script.Inject(Ack(12, 102)); // LAST-ACK is over: nobody knows the connection.
        await script.Expect(Rst(102));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.6")]
    [Trait("Conforms", "RFC 1337 section 3")]
    [Trait("Behaviour", "96")]
    [Trait("Behaviour", "105")]
    [Trait("Hostile", "22")]
    public void TimeWait_AcknowledgesAgain_IgnoresResets_AndLastsAMinute() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        flow.Close();
        await script.Expect(Fin(1, 1));
        script.Inject(Ack(1, 2));
        script.Inject(Fin(1, 2));
        await script.Expect(Ack(2, 2));
        await flow.ReadEnd();
        await script.ExpectNothing(Seconds(30));
        script.Inject(Rst(2));
        script.Inject(Fin(1, 2)); // Ours was lost: it is sent again, and the minute begins anew.
        await script.Expect(Ack(2, 2));
        await script.ExpectNothing(Seconds(59));
        script.Inject(Fin(1, 2));
        await script.Expect(Ack(2, 2));
        await script.ExpectNothing(Seconds(61));
        script.Inject(Fin(1, 2));
        await script.Expect(Rst(2));
    });

    [Fact]
    [Trait("Conforms", "RFC 5961 section 3.2")]
    [Trait("Conforms", "RFC 5961 section 4.2")]
    [Trait("Behaviour", "107")]
    [Trait("Behaviour", "108")]
    [Trait("Hostile", "15")]
    public void ResetOrSynInTheWindow_IsChallenged_AndOnlyTheExactResetCounts() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        script.Inject(Rst(2));
        await script.Expect(Ack(1, 1));
        script.Inject(Syn(500));
        await script.Expect(Ack(1, 1));
        script.Inject(Rst(-1));
        script.Inject(Tcp(TcpFlags.Rst, -1, length: 10)); // Its text is in the window, its number is not.
        await script.ExpectNothing(Seconds(1));
        script.Inject(Rst(1));
        Assert.IsType<TcpError.Reset>(await flow.ReadError());
        await script.ExpectNothing(Seconds(10));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.8")]
    [Trait("Behaviour", "99")]
    public void LostFin_IsSentAgain() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        flow.Close();
        await script.Expect(Fin(1, 1));
        await script.Expect(Fin(1, 1), After(Milliseconds(200)));
        await script.Expect(Fin(1, 1), After(Milliseconds(400)));
        script.Inject(Ack(1, 2));
        await script.ExpectNothing(Seconds(30));
    });

    [Fact]
    [Trait("Conforms", "RFC 2525 section 2.17")]
    [Trait("Behaviour", "101")]
    public void BytesUnread_Disposed_ResetsAtOnce() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        script.Inject(Data(1, 1, 100));
        await script.Expect(Ack(1, 101));
        await flow.Dispose();
        await script.Expect(RstAck(1, 101));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.1")]
    [Trait("Behaviour", "84")]
    public void NoConnection_IsAnsweredByTheResetThatFits() => PacketScript.Run(async script =>
    {
        var nobody = script.AddConnection(9, 4321);
        nobody.Inject(Data(10, 77, 5));
        await nobody.Expect(Rst(77));
        nobody.Inject(Syn(10));
        await nobody.Expect(RstAck(0, 11));
        nobody.Inject(Rst(10));
        await script.ExpectNothing(Seconds(10));
    });
}
