using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpSendTests
{
    private static TcpParameters Nagle => Defaults with { Nagle = true };

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.7.1")]
    [Trait("Behaviour", "118")]
    [InlineData("10.0.0.1", -1, 536)]
    [InlineData("fd00::1", -1, 1000)] // The peer would take 1220.
    [InlineData("10.0.0.1", 700, 700)]
    [InlineData("10.0.0.1", 1460, 1000)]
    [InlineData("10.0.0.1", 65_535, 1000)]
    [InlineData("10.0.0.1", 64, 64)]
    [InlineData("10.0.0.1", 63, 64)]
    [InlineData("10.0.0.1", 1, 64)]
    [InlineData("10.0.0.1", 0, 64)]
    [Trait("Hostile", "9")]
    public void Established_AnyPeerMss_GivesASegmentThatBothTake(string local, int offered, int expected)
    {
        var ends = Ends with { Local = new(IpAddress.Parse(local), LocalPort) };
        var options = new TcpOptions { MaximumSegmentSize = offered < 0 ? null : (ushort)offered };
        var peer = new TcpPeer(identity: ends).OpensBy(options: options).Expects(SynAck).Sends(Ack, seq: 1, ack: 1);
        peer.Writes(3000).Expects(Ack, seq: 1, length: expected).Expects(Ack, seq: 1 + expected, length: expected);
    }

    [Theory]
    [Trait("Conforms", "RFC 7323 section 2.3")]
    [Trait("Behaviour", "120")]
    [InlineData(0, 10)]
    [InlineData(3, 80)]
    [InlineData(14, 10 << 14)]
    [InlineData(15, 10 << 14)]
    [InlineData(255, 10 << 14)]
    public void Established_PeersShift_ScalesItsWindowsExceptTheSyns(byte shift, int expected)
    {
        var peer = new TcpPeer { Window = 10 }.OpensBy(options: new() { WindowScale = shift }).Expects(SynAck);
        Assert.Equal(10, peer.Machine.Block.Space.Window);
        peer.Sends(Ack, seq: 1, ack: 1);
        Assert.Equal(expected, peer.Machine.Block.Space.Window);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.9.1.2")]
    [Trait("Behaviour", "131")]
    public void Established_Write_HasPushOnItsLastSegment() =>
        In(TcpState.Established).Writes(2500).Expects(Ack, seq: 1, length: 1000).Expects(Ack, seq: 1001, length: 1000)
            .Expects(PshAck, seq: 2001, length: 500).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.9.1.2")]
    [Trait("Behaviour", "128")]
    [Trait("Behaviour", "131")]
    public void Established_WriteNotEnded_WaitsForASegmentOrForItsEnd() =>
        In(TcpState.Established).Writes(1500, push: false).Expects(Ack, seq: 1, length: 1000).ExpectsNothing()
            .Writes(100).Expects(PshAck, seq: 1001, length: 600).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.2.1")]
    [Trait("Behaviour", "128")]
    public void Established_WriteNeverEnded_GoesAfterTheOverrideTime() =>
        In(TcpState.Established).Writes(100, push: false).ExpectsNothing().Elapses(199).ExpectsNothing().Elapses(1)
            .Expects(Ack, seq: 1, length: 100);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void Nagle_FirstSmallWrite_GoesAtOnceWhereverNumbersBegin()
    {
        foreach (var initial in new[] { 0u, 1u << 30, 1u << 31, 3u << 30, uint.MaxValue })
            In(TcpState.Established, Nagle, initial).Writes(10).Expects(PshAck, seq: 1, length: 10);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void Nagle_SmallWrites_WaitForTheSmallOneBeforeThem() =>
        In(TcpState.Established, Nagle).Writes(10).Expects(PshAck, seq: 1, length: 10).Writes(10).Writes(10)
            .ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 11).Expects(PshAck, seq: 11, length: 20).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void Nagle_FullSegmentGathered_DoesNotWait() =>
        In(TcpState.Established, Nagle).Writes(10).Expects(PshAck, length: 10).Writes(990).ExpectsNothing().Writes(10)
            .Expects(PshAck, seq: 11, length: 1000).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void Nagle_TailOfALongWrite_DoesNotWait() =>
        In(TcpState.Established, Nagle).Writes(1500).Expects(Ack, length: 1000).Expects(PshAck, seq: 1001, length: 500);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void Nagle_Closed_DoesNotWait() =>
        In(TcpState.Established, Nagle).Writes(10).Expects(PshAck, length: 10).Writes(10).Closes()
            .Expects(FinAck | Psh, seq: 11, length: 10);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void NoNagle_SmallWrites_GoAtOnce() =>
        In(TcpState.Established).Writes(10).Expects(PshAck, seq: 1, length: 10).Writes(10)
            .Expects(PshAck, seq: 11, length: 10);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.2.1")]
    [Trait("Behaviour", "128")]
    public void WindowNarrow_DataQueued_WaitForAFullSegmentOrHalfOfTheLargestWindow()
    {
        var peer = In(TcpState.Established);
        peer.Window = 100;
        peer.Sends(Ack, seq: 1, ack: 1).Writes(3000).ExpectsNothing().Elapses(199).ExpectsNothing();
        peer.Elapses(1).Expects(Ack, seq: 1, length: 100).ExpectsNothing(); // The override time of section 3.8.6.2.1.
        peer.Window = 1000;
        peer.Sends(Ack, seq: 1, ack: 101).Expects(Ack, seq: 101, length: 1000).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.2.1")]
    [Trait("Behaviour", "128")]
    public void PeerWithATinyBuffer_DataQueued_GoByHalfBuffers()
    {
        var peer = new TcpPeer { Window = 200 }.OpensBy(options: new() { MaximumSegmentSize = Mss }).Expects(SynAck)
            .Sends(Ack, seq: 1, ack: 1);
        peer.Writes(1000).Expects(Ack, seq: 1, length: 200).ExpectsNothing();
        peer.Window = 99;
        peer.Sends(Ack, seq: 1, ack: 201).ExpectsNothing();
        peer.Window = 100;
        peer.Sends(Ack, seq: 1, ack: 201).Expects(Ack, seq: 201, length: 100).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    public void Established_OldSegment_DoesNotTakeTheWindowBack()
    {
        var peer = In(TcpState.Established).Sends(Ack, seq: 101, ack: 1, length: 100);
        peer.Window = 7;
        peer.Sends(Ack, seq: 1, ack: 1, length: 100).Reads(200);
        Assert.Equal(30_000, peer.Machine.Block.Space.Window);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6")]
    [Trait("Behaviour", "124")]
    [Trait("Hostile", "32")]
    public void WindowShrunk_DataInFlight_AreProbedWithAndSentAgainWhenItOpens()
    {
        var peer = In(TcpState.Established).Writes(3000);
        peer.Poll();
        peer.Window = 0;
        peer.Sends(Ack, seq: 1, ack: 1001).ExpectsNothing();
        for (var probe = 0; probe < 50; probe++) // The peer answers: there is no end to it, RFC 9293 section 3.8.6.
            peer.ElapsesToTimeout().Expects(Ack, seq: 1001, length: 1).ExpectsNothing().Sends(Ack, seq: 1, ack: 1001)
                .ExpectsNothing();
        peer.Window = 30_000;
        peer.Sends(Ack, seq: 1, ack: 1001).Expects(Ack, seq: 1001, length: 1000);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    [Trait("Conforms", "RFC 6429 section 3")]
    [Trait("Behaviour", "126")]
    public void WindowShut_PeerAnswers_IsProbedForEverWithBackOff()
    {
        var peer = WindowShut();
        var last = 0.0;
        for (var probe = 0; probe < 100; probe++)
        {
            var wait = (peer.Machine.NextTimeoutNs!.Value - peer.NowNs) / 1e9;
            Assert.Equal(probe == 0 ? wait : Math.Min(2 * last, 60), wait, tolerance: 1e-6);
            last = wait;
            peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1).ExpectsNothing().Sends(Ack, seq: 1, ack: 1)
                .ExpectsNothing();
        }

        Assert.Equal(60, last);
        peer.Window = 30_000;
        peer.Sends(Ack, seq: 1, ack: 1).Expects(Ack, seq: 1, length: 1).Expects(PshAck, seq: 2, length: 499)
            .ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 6429 section 3")]
    [Trait("Hostile", "18")]
    public void WindowShut_Detached_IsResetWhenThePeerTakesNothing()
    {
        var peer = WindowShut();
        peer.Machine.HandleDetach(peer.NowNs);
        for (var taken = 0; taken < 3; taken++) // A byte that is taken is progress.
            peer.ElapsesToTimeout().Expects(Ack, seq: 1 + taken, length: 1).Sends(Ack, seq: 1, ack: 2 + taken);
        for (var probe = 0; probe < TcpLimits.ProbesDetachedMax; probe++)
            peer.ElapsesToTimeout().Expects(Ack, seq: 4, length: 1).ExpectsNothing().Sends(Ack, seq: 1, ack: 4)
                .ExpectsNothing();
        peer.ElapsesToTimeout().Expects(RstAck, seq: 4).ExpectsError<TcpError.Timeout>();
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    [Trait("Behaviour", "126")]
    [Trait("Behaviour", "140")]
    [Trait("Hostile", "18")]
    public void WindowShut_PeerSilent_TimesOut()
    {
        var peer = WindowShut();
        for (var probe = 0; probe < TcpLimits.ProbesUnansweredMax; probe++)
            peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1).ExpectsNothing();
        peer.ElapsesToTimeout().ExpectsError<TcpError.Timeout>();
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    [Trait("Behaviour", "126")]
    public void WindowShut_ProbeTakenByteByByte_GoesOnWithTheNext()
    {
        var peer = WindowShut();
        for (var seq = 1; seq < 20; seq++)
            peer.ElapsesToTimeout().Expects(Ack, seq: seq, length: 1).Sends(Ack, seq: 1, ack: seq + 1).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    [Trait("Behaviour", "126")]
    public void WindowShut_OnlyFinLeft_ProbesWithIt()
    {
        var peer = In(TcpState.Established);
        peer.Window = 0;
        peer.Sends(Ack, seq: 1, ack: 1).Closes().ExpectsNothing().ElapsesToTimeout().Expects(FinAck, seq: 1)
            .ExpectsNothing();
        peer.ElapsesToTimeout().Expects(FinAck, seq: 1).Sends(Ack, seq: 1, ack: 2).ExpectsState(TcpState.FinWait2);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    public void WindowShut_ProbeOut_AcknowledgesInsideOfThePeersWindow() =>
        WindowShut().ElapsesToTimeout().Expects(Ack, seq: 1, length: 1).Sends(Ack, seq: 1, ack: 1, length: 2000)
            .Expects(Ack, seq: 1, ack: 2001);

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.7.1")]
    [InlineData(0, 1000)]
    [InlineData(999, 1000)]
    [InlineData(4500, 4000)]
    [InlineData(65_535, 8500)]
    public void DeviceThatCuts_LongWrite_GoesInWholeSegmentsUpToItsLimit(int limit, int expected)
    {
        var peer = In(TcpState.Established, Defaults with { SegmentationLimit = limit }).Writes(8500);
        var sent = peer.Poll();
        Assert.Equal(expected, sent[0].Length);
        Assert.All(sent, piece => Assert.Equal(1000, piece.SegmentSize));
        Assert.All(sent.SkipLast(1), piece => Assert.Equal((0, Ack), (piece.Length % 1000, piece.Flags)));
        Assert.Equal(PshAck, sent[^1].Flags);
        Assert.Equal(8500, sent.Sum(piece => piece.Length));
    }

    private static TcpPeer WindowShut()
    {
        var peer = In(TcpState.Established);
        peer.Window = 0;
        return peer.Sends(Ack, seq: 1, ack: 1).Writes(500).ExpectsNothing();
    }
}
