using Mirage.Testing;
using static Mirage.Net.Tests.ScriptSteps;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>Acknowledgment, loss and windows, packet by packet.</summary>
public sealed class TransferScripts
{
    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.3")]
    [Trait("Conforms", "RFC 5681 section 4.2")]
    [Trait("Behaviour", "129")]
    public void OneSegment_IsAcknowledgedAfterADelay_TwoAtOnce() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        var next = 1;
        for (; next < TcpLimits.QuickAcks * Mss; next += Mss)
        {
            // RFC 5681 section 3.1: a peer in slow start lives on acknowledgments.
            script.Inject(Data(next, 1, Mss));
            await script.Expect(Ack(1, next + Mss));
        }

        script.Inject(Data(next, 1, Mss));
        await flow.Read(next + Mss - 1);
        await script.Expect(Ack(1, next + Mss), After(Milliseconds(40)));
        script.Inject(Data(next + Mss, 1, Mss));
        await script.ExpectNothing(Milliseconds(30));
        script.Inject(Data(next + (2 * Mss), 1, Mss));
        await script.Expect(Ack(1, next + (3 * Mss)));
        await flow.Read(2 * Mss);
    });

    [Fact]
    [Trait("Conforms", "RFC 5681 section 4.2")]
    [Trait("Behaviour", "129")]
    public void Hole_IsToldAtOnce_AndSoIsItsEnd() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        script.Inject(Data(1001, 1, Mss));
        await script.Expect(Ack(1, 1));
        script.Inject(Data(1, 1, Mss));
        await script.Expect(Ack(1, 2001));
        await flow.Read(2 * Mss);
    });

    [Fact]
    [Trait("Conforms", "RFC 5681 section 3.2")]
    [Trait("Behaviour", "141")]
    public void ThirdDuplicateAcknowledgment_SendsTheSegmentAgain() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        flow.Write(5 * Mss);
        for (var sequence = 1; sequence <= 4 * Mss; sequence += Mss)
            await script.Expect(Data(sequence, 1, Mss));
        await script.Expect(Data(4001, 1, Mss).Psh());
        script.Inject(Ack(1, 1001).Window(30_000));
        script.Inject(Ack(1, 1001).Window(30_000));
        script.Inject(Ack(1, 1001).Window(30_000));
        await script.ExpectNothing(Milliseconds(10));
        script.Inject(Ack(1, 1001).Window(30_000));
        await script.Expect(Data(1001, 1, Mss));
        script.Inject(Ack(1, 5001).Window(30_000));
        await script.ExpectNothing(Seconds(60));
    });

    [Fact]
    [Trait("Conforms", "RFC 6298 section 5")]
    [Trait("Behaviour", "139")]
    public void NobodyAcknowledges_TheTimeoutDoubles_AndAnAcknowledgmentEndsIt() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        flow.Write(Mss);
        await script.Expect(Data(1, 1, Mss));
        for (var milliseconds = 200; milliseconds <= 6400; milliseconds *= 2)
        {
            // With the sixth the path is taken for one that drops long segments: RFC 4821 section 7.7.
            var length = milliseconds < 6400 ? Mss : 536;
            await script.Expect(Data(1, 1, length), After(Milliseconds(milliseconds)));
        }

        script.Inject(Ack(1, 1001).Window(30_000));
        await script.ExpectNothing(Seconds(60));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    [Trait("Behaviour", "126")]
    public void WindowIsShut_ProbesAreSentEachTimeTwiceAsLate_UntilItOpens() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        flow.Write(2 * Mss);
        await script.Expect(Data(1, 1, Mss));
        await script.Expect(Data(1001, 1, Mss));
        script.Inject(Ack(1, 2001).Window(0));
        await script.ExpectNothing(Milliseconds(10));
        flow.Write(Mss);
        for (var milliseconds = 200; milliseconds <= 1600; milliseconds *= 2)
        {
            await script.Expect(Data(2001, 1, 1), After(Milliseconds(milliseconds)));
            script.Inject(Ack(1, 2001).Window(0));
        }

        script.Inject(Ack(1, 2001).Window(30_000));
        await script.Expect(Data(2001, 1, 1));
        await script.Expect(Data(2002, 1, Mss - 1));
    });

    [Fact]
    [Trait("Conforms", "RFC 1191 section 6.5")]
    [Trait("Conforms", "RFC 5927 section 7")]
    [Trait("Behaviour", "133")]
    [Trait("Hostile", "17")]
    public void FragmentationNeeded_AboutBytesUnderWay_CutsThemSmaller() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        flow.Write(Mss);
        var sent = await script.Expect(Data(1, 1, Mss).DontFragment());
        var forged = Data(900_000, 1, Mss);
        script.Inject(Unreachable(IcmpUnreachable.FragmentationNeeded, forged, mtu: 640));
        await script.ExpectNothing(Milliseconds(10));
        script.Inject(Unreachable(IcmpUnreachable.FragmentationNeeded, sent, mtu: 640));
        await script.Expect(Data(1, 1, 600));
        await script.Expect(Data(601, 1, 400));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.2")]
    [Trait("Behaviour", "117")]
    public void SegmentsThatContradictThemselves_AreDropped_AndOddOptionsDoNoHarm() => PacketScript.Run(async script =>
    {
        var flow = await script.Establish();
        script.Inject(Data(1, 1, Mss).WrongChecksum());
        script.Inject(Data(1, 1, Mss).DataOffset(4));
        script.Inject(Data(1, 1, 4).DataOffset(15));
        script.Inject(Data(1, 1, Mss).WrongIpChecksum());
        script.Inject(Data(1, 1, Mss).TotalLength(2000));
        script.Inject(Raw(1, 2, 3));
        script.Inject(RawIp(0x45, 0, 0));
        await script.ExpectNothing(Seconds(1));
        script.Inject(Data(1, 1, Mss).RawOptions(254, 0, 8, 10)); // A length of zero, and one beyond the header.
        script.Inject(Data(1001, 1, Mss).RawOptions(77, 6, 1, 2, 3, 4, 2, 4));
        await script.Expect(Ack(1, 2001));
        await flow.Read(2 * Mss);
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.4")]
    [Trait("Behaviour", "132")]
    [Trait("Hostile", "39")]
    public void PeersNumbersWrap_Unnoticed() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen(peerInitial: uint.MaxValue - 1500);
        script.Inject(Syn().Mss(Mss));
        await script.Expect(SynAck());
        script.Inject(Data(1, 1, Mss));
        script.Inject(Data(1001, 1, Mss));
        await script.Expect(Ack(1, 2001));
        var flow = await listener.Accept();
        await flow.Read(2 * Mss);
    });
}
