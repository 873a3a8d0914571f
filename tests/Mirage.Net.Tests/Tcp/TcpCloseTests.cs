using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 9293 section 3.6")]
public sealed class TcpCloseTests
{
    [Fact]
    [Trait("Behaviour", "96")]
    public void Established_ClosedHere_GoesThroughFinWaitsToTimeWait() =>
        In(TcpState.Established).Closes().ExpectsState(TcpState.FinWait1).Expects(FinAck, seq: 1, ack: 1)
            .Sends(Ack, seq: 1, ack: 2).ExpectsState(TcpState.FinWait2).ExpectsNothing()
            .Sends(FinAck, seq: 1, ack: 2).ExpectsState(TcpState.TimeWait).ExpectsEvents(TcpEvents.EndOfStream)
            .Expects(Ack, seq: 2, ack: 2).ExpectsNothing();

    [Fact]
    [Trait("Behaviour", "96")]
    public void FinWait1_FinWithAckOfOurs_GoesToTimeWait() =>
        In(TcpState.FinWait1).Sends(FinAck, seq: 1, ack: 2).ExpectsState(TcpState.TimeWait)
            .Expects(Ack, seq: 2, ack: 2);

    [Fact]
    [Trait("Behaviour", "96")]
    public void Established_ClosedWithDataQueued_SendsFinWithTheLastOfThem() =>
        In(TcpState.Established).Writes(1500).Closes().Expects(Ack, seq: 1, length: 1000)
            .Expects(FinAck | Psh, seq: 1001, length: 500)
            .ExpectsNothing().Sends(Ack, seq: 1, ack: 1502).ExpectsState(TcpState.FinWait2);

    [Fact]
    [Trait("Behaviour", "96")]
    public void FinWait1_FinWithData_TakesBoth() =>
        In(TcpState.FinWait1).Sends(FinAck, seq: 1, ack: 2, length: 300).ExpectsState(TcpState.TimeWait)
            .ExpectsEvents(TcpEvents.Readable | TcpEvents.EndOfStream).Expects(Ack, seq: 2, ack: 302).Reads(300);

    [Fact]
    [Trait("Behaviour", "97")]
    public void FinWait1_FinWithoutAckOfOurs_ClosesSimultaneously() =>
        In(TcpState.FinWait1).Sends(FinAck, seq: 1, ack: 1).ExpectsState(TcpState.Closing).Expects(Ack, seq: 2, ack: 2)
            .Sends(Ack, seq: 2, ack: 2).ExpectsState(TcpState.TimeWait).ExpectsNothing();

    [Fact]
    [Trait("Behaviour", "97")]
    public void FinWait1_FinWhileDataAreInFlight_ClosesSimultaneously() =>
        In(TcpState.Established).Writes(100).Closes().Expects(FinAck | Psh, length: 100)
            .Sends(FinAck, seq: 1, ack: 1, length: 50).ExpectsState(TcpState.Closing).Expects(Ack, seq: 102, ack: 52)
            .Reads(50)
            .Sends(Ack, seq: 52, ack: 51).ExpectsState(TcpState.Closing)
            .Sends(Ack, seq: 52, ack: 102).ExpectsState(TcpState.TimeWait);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.6.1")]
    [Trait("Behaviour", "98")]
    public void CloseWait_Written_StillSends() =>
        In(TcpState.Established).Sends(FinAck, seq: 1, ack: 1).ExpectsState(TcpState.CloseWait)
            .ExpectsEvents(TcpEvents.EndOfStream)
            .Expects(Ack, seq: 1, ack: 2).Writes(10).Expects(PshAck, seq: 1, ack: 2, length: 10)
            .Sends(Ack, seq: 2, ack: 11).ExpectsEvents(TcpEvents.Writable)
            .Closes().ExpectsState(TcpState.LastAck).Expects(FinAck, seq: 11, ack: 2)
            .Sends(Ack, seq: 2, ack: 12).ExpectsState(TcpState.Closed).ExpectsEvents(TcpEvents.Closed).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.6.1")]
    public void FinWait2_Data_AreStillReceived() =>
        In(TcpState.FinWait2).Sends(Ack, seq: 1, ack: 2, length: 2000).Expects(Ack, ack: 2001).Reads(2000)
            .ExpectsState(TcpState.FinWait2);

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.8")]
    [Trait("Behaviour", "99")]
    [InlineData(TcpState.FinWait1, 1)]
    [InlineData(TcpState.Closing, 2)]
    [InlineData(TcpState.LastAck, 2)]
    public void FinUnacknowledged_Timeout_IsSentAgainWithBackOff(TcpState state, int ack)
    {
        var peer = In(state);
        peer.ElapsesToTimeout().Expects(FinAck, seq: 1, ack: ack).ExpectsNothing();
        var first = peer.Machine.NextTimeoutNs - peer.NowNs;
        peer.ElapsesToTimeout().Expects(FinAck, seq: 1, ack: ack).ExpectsState(state);
        Assert.Equal(2 * first, peer.Machine.NextTimeoutNs - peer.NowNs);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "100")]
    public void Established_FinBeyondAHole_WaitsForIt() =>
        In(TcpState.Established).Sends(FinAck, seq: 101, ack: 1, length: 100).Expects(Ack, ack: 1)
            .ExpectsState(TcpState.Established).ExpectsEvents(TcpEvents.None)
            .Sends(Ack, seq: 1, ack: 1, length: 100).ExpectsState(TcpState.CloseWait)
            .ExpectsEvents(TcpEvents.Readable | TcpEvents.EndOfStream).Expects(Ack, ack: 202).Reads(200);

    [Fact]
    [Trait("Behaviour", "100")]
    public void Established_FinBehindTheWindow_IsHeardWhenItIsSentAgain()
    {
        var peer = In(TcpState.Established, Defaults with { ReceiveBuffer = 1000 });
        peer.Sends(FinAck, seq: 1, ack: 1, length: 1500).Expects(Ack, ack: 1001, window: 0)
            .ExpectsState(TcpState.Established)
            .Reads(1000).Expects(Ack, ack: 1001, window: 1000)
            .Sends(FinAck, seq: 1001, ack: 1, length: 500).ExpectsState(TcpState.CloseWait).Expects(Ack, ack: 1502)
            .Reads(500);
    }

    [Fact]
    [Trait("Behaviour", "100")]
    public void Established_FinAtTheVeryEdge_IsHeard() =>
        In(TcpState.Established, Defaults with { ReceiveBuffer = 1000 }).Sends(FinAck, seq: 1, ack: 1, length: 1000)
            .ExpectsState(TcpState.CloseWait).Expects(Ack, ack: 1002, window: 0).Reads(1000);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.6.1")]
    [Trait("Conforms", "RFC 2525 section 2.17")]
    [Trait("Behaviour", "101")]
    public void Established_DetachedWithUnreadData_Resets()
    {
        var peer = In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 10);
        peer.Machine.HandleDetach(peer.NowNs);
        peer.ExpectsState(TcpState.Closed).Expects(RstAck, seq: 1, ack: 11).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 2525 section 2.17")]
    [Trait("Behaviour", "101")]
    public void FinWait2_DataForNobody_Reset()
    {
        var peer = In(TcpState.Established);
        peer.Machine.HandleDetach(peer.NowNs);
        peer.Expects(FinAck).Sends(Ack, seq: 1, ack: 2, length: 10).ExpectsState(TcpState.Closed)
            .Expects(RstAck, seq: 2).ExpectsNothing();
    }

    [Fact]
    [Trait("Behaviour", "104")]
    public void FinWait2_DetachedAndSilentPeer_TimesOut()
    {
        var peer = In(TcpState.FinWait2);
        peer.Elapses(3_600_000).ExpectsState(TcpState.FinWait2); // Half-closed: somebody reads.
        peer.Machine.HandleDetach(peer.NowNs);
        peer.Elapses(59_999).ExpectsState(TcpState.FinWait2).Elapses(1).ExpectsState(TcpState.Closed)
            .ExpectsEvents(TcpEvents.Closed);
    }

    [Fact]
    [Trait("Behaviour", "105")]
    public void TimeWait_TwoSegmentLifetimes_IsClosed() =>
        In(TcpState.TimeWait).Elapses(59_999).ExpectsState(TcpState.TimeWait).Elapses(1).ExpectsState(TcpState.Closed)
            .ExpectsEvents(TcpEvents.Closed).ExpectsNothing();

    [Fact]
    [Trait("Behaviour", "105")]
    public void TimeWait_FinAgain_IsAcknowledgedAndStartsTheTimeAnew() =>
        In(TcpState.TimeWait).Elapses(50_000).Sends(FinAck, seq: 1, ack: 2).Expects(Ack, seq: 2, ack: 2)
            .ExpectsNothing()
            .Elapses(59_999).ExpectsState(TcpState.TimeWait).Elapses(1).ExpectsState(TcpState.Closed);

    [Theory]
    [Trait("Conforms", "RFC 1337 section 3")]
    [Trait("Behaviour", "105")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1)]
    [Trait("Hostile", "22")]
    public void TimeWait_Reset_IsIgnored(int seq) =>
        In(TcpState.TimeWait).Sends(Rst, seq: seq).ExpectsState(TcpState.TimeWait).ExpectsNothing();

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.5")]
    [InlineData(TcpState.SynSent, false)]
    [InlineData(TcpState.SynReceived, true)]
    [InlineData(TcpState.Established, true)]
    [InlineData(TcpState.FinWait1, true)]
    [InlineData(TcpState.FinWait2, true)]
    [InlineData(TcpState.CloseWait, true)]
    [InlineData(TcpState.Closing, false)]
    [InlineData(TcpState.LastAck, false)]
    [InlineData(TcpState.TimeWait, false)]
    public void AnyState_Aborted_IsClosedAndResetsWhereThePeerMustKnow(TcpState state, bool isReset)
    {
        var peer = In(state);
        peer.Machine.HandleAbort(peer.NowNs);
        peer.ExpectsError<TcpError.Closed>().ExpectsEvents(TcpEvents.Failed | TcpEvents.Closed);
        if (isReset)
            peer.Expects(RstAck);
        peer.ExpectsNothing();
        Assert.Null(peer.Machine.NextTimeoutNs);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.4")]
    public void SynSent_Closed_EndsTheConnection() =>
        In(TcpState.SynSent).Closes().ExpectsError<TcpError.Closed>().ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.4")]
    public void SynReceived_Closed_SendsFinOnceEstablished() =>
        In(TcpState.SynReceived).Writes(5).Closes().ExpectsNothing().Sends(Ack, seq: 1, ack: 1)
            .ExpectsState(TcpState.FinWait1)
            .Expects(FinAck | Psh, seq: 1, length: 5).Sends(Ack, seq: 1, ack: 7).ExpectsState(TcpState.FinWait2);

    [Theory]
    [InlineData(TcpState.CloseWait)]
    [InlineData(TcpState.Closing)]
    [InlineData(TcpState.LastAck)]
    [InlineData(TcpState.TimeWait)]
    [Trait("Hostile", "32")]
    public void PeersFinIsIn_MoreData_AreIgnored(TcpState state)
    {
        var peer = In(state).Sends(Ack, seq: 2, ack: 1, length: 100).ExpectsState(state);
        Assert.Equal(0, peer.ReceiveQueue.Length);
        Assert.Equal(TcpEvents.None, peer.Events() & TcpEvents.Readable);
    }
}
