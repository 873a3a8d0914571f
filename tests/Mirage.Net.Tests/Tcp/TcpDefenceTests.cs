using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>Segments by somebody else, or from another time.</summary>
public sealed class TcpDefenceTests
{
    [Theory]
    [Trait("Conforms", "RFC 5961 section 3.2")]
    [Trait("Behaviour", "107")]
    [InlineData(0, false)] // Left of the window.
    [InlineData(2, true)] // Inside of it.
    [InlineData(20_000, true)] // Its last number.
    [InlineData(20_001, false)] // One past it.
    [Trait("Hostile", "15")]
    public void Established_ResetOfAnotherNumber_IsChallengedOrDropped(int seq, bool isChallenged)
    {
        var peer = In(TcpState.Established).Sends(Rst, seq: seq).ExpectsState(TcpState.Established);
        if (isChallenged)
            peer.Expects(Ack, seq: 1, ack: 1);
        peer.ExpectsNothing();
    }

    [Theory]
    [Trait("Conforms", "RFC 5961 section 3.2")]
    [Trait("Conforms", "RFC 9293 section 3.5.1")]
    [Trait("Behaviour", "107")]
    [Trait("Behaviour", "93")]
    [InlineData(TcpState.Established)]
    [InlineData(TcpState.CloseWait)]
    [InlineData(TcpState.FinWait1)]
    [InlineData(TcpState.FinWait2)]
    public void Synchronized_ResetOfTheNextNumber_BreaksTheConnection(TcpState state) =>
        In(state).Sends(Rst, seq: state is TcpState.CloseWait ? 2 : 1).ExpectsError<TcpError.Reset>()
            .ExpectsEvents(TcpEvents.Failed | TcpEvents.Closed).ExpectsNothing();

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [InlineData(TcpState.Closing)]
    [InlineData(TcpState.LastAck)]
    public void FinsAreOut_ResetOfTheNextNumber_ClosesWithoutError(TcpState state)
    {
        var peer = In(state).Sends(Rst, seq: 2).ExpectsState(TcpState.Closed).ExpectsEvents(TcpEvents.Closed);
        Assert.Null(peer.Machine.Error);
    }

    [Fact]
    [Trait("Behaviour", "107")]
    public void LastAckWithDataUnacknowledged_Reset_IsAnError() =>
        In(TcpState.CloseWait).Writes(10).Closes().Expects(FinAck | Psh, length: 10).Sends(Rst, seq: 2)
            .ExpectsError<TcpError.Reset>();

    [Fact]
    [Trait("Conforms", "RFC 5961 section 3.2")]
    [Trait("Behaviour", "107")]
    public void Established_ResetWhileTheWindowIsShut_IsStillHeard() =>
        In(TcpState.Established, Defaults with { ReceiveBuffer = 1000 }).Sends(Ack, seq: 1, ack: 1, length: 1000)
            .Expects(Ack, window: 0)
            .Sends(Rst, seq: 1002).ExpectsNothing().ExpectsState(TcpState.Established)
            .Sends(Rst, seq: 1001).ExpectsError<TcpError.Reset>();

    [Theory]
    [Trait("Conforms", "RFC 5961 section 4.2")]
    [Trait("Behaviour", "108")]
    [InlineData(TcpState.Established, 0)]
    [InlineData(TcpState.Established, 1)]
    [InlineData(TcpState.Established, 500_000)]
    [InlineData(TcpState.FinWait1, 1)]
    [InlineData(TcpState.FinWait2, 1)]
    [InlineData(TcpState.CloseWait, 2)]
    [InlineData(TcpState.Closing, 2)]
    [InlineData(TcpState.LastAck, 2)]
    [InlineData(TcpState.TimeWait, 2)]
    [Trait("Hostile", "15")]
    public void Synchronized_Syn_DrawsChallengeWhateverItsNumber(TcpState state, int seq)
    {
        foreach (var flags in new[] { Syn, SynAck, Syn | Fin })
        {
            In(state).Sends(flags, seq: seq, ack: 1).Expects(Ack).ExpectsNothing().ExpectsState(state)
                .ExpectsEvents(TcpEvents.None);
        }
    }

    [Theory]
    [Trait("Conforms", "RFC 5961 section 5.2")]
    [Trait("Behaviour", "109")]
    [InlineData(101 - 20, true)] // SND.UNA - MAX.SND.WND.
    [InlineData(100 - 20, false)]
    [InlineData(101, true)]
    [InlineData(111, true)] // SND.NXT.
    [InlineData(112, false)]
    [InlineData(1_000_000, false)]
    [Trait("Hostile", "10")]
    [Trait("Hostile", "15")]
    public void Established_AckOutOfRange_DropsTheSegmentAndDrawsChallenge(int ack, bool isTaken)
    {
        var peer = In(TcpState.Established, window: 20);
        for (var acknowledged = 1; acknowledged < 101; acknowledged += 10)
            peer.Writes(10).Expects(PshAck, length: 10).Sends(Ack, seq: 1, ack: acknowledged + 10);
        peer.Writes(10).Expects(PshAck, length: 10).Sends(Ack, seq: 1, ack: ack, length: 10);
        Assert.Equal(isTaken ? 10 : 0, peer.ReceiveQueue.Length);
        if (!isTaken)
            peer.Expects(Ack, seq: 111, ack: 1).ExpectsNothing();
    }

    [Theory]
    [Trait("Conforms", "RFC 5961 section 5.2")]
    [Trait("Behaviour", "109")]
    [InlineData(0, false)] // Within the largest window, and before our first byte: nobody has acknowledged that.
    [InlineData(1, true)]
    [Trait("Hostile", "15")]
    public void Established_AckOfNothingEverSent_DropsTheSegmentAndDrawsChallenge(int ack, bool isTaken)
    {
        var peer = In(TcpState.Established).Writes(10).Expects(PshAck, length: 10)
            .Sends(Ack, seq: 1, ack: 11).Sends(Ack, seq: 1, ack: ack, length: 10);
        Assert.Equal(isTaken ? 10 : 0, peer.ReceiveQueue.Length);
        if (!isTaken)
            peer.Expects(Ack, seq: 11, ack: 1).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 5961 section 7")]
    [Trait("Behaviour", "110")]
    [Trait("Hostile", "16")]
    public void Established_FloodOfChallenges_IsLimitedAndGoesOnLater()
    {
        var counts = new HashSet<int>();
        for (var secret = 0UL; secret < 32; secret++)
        {
            var peer = In(TcpState.Established, identity: Ends with { Secret = secret });
            counts.Add(Flood(peer));
            peer.Elapses(2000);
            counts.Add(Flood(peer));
        }

        var max = TcpLimits.ChallengesMin + TcpLimits.ChallengesSpread - 1;
        Assert.All(counts, count => Assert.InRange(count, TcpLimits.ChallengesMin, max));
        Assert.True(counts.Count > 3, "How many there are is not to be known in advance.");

        static int Flood(TcpPeer peer) => Enumerable.Range(0, 1000).Sum(_ => peer.Sends(Syn, seq: 7).Poll().Count);
    }

    [Fact]
    [Trait("Conforms", "RFC 5961 section 7")]
    [Trait("Behaviour", "110")]
    [Trait("Hostile", "33")]
    public void TwoMachines_ThatDisagree_EndTheirStorm()
    {
        var (left, right) = (In(TcpState.Established), In(TcpState.Established));
        var count = 0;
        left.Sends(Ack, seq: 500_000, ack: 1);
        for (var round = 0; round < 1000; round++)
        {
            // Each takes the other's acknowledgment for one that is out of its window.
            count += left.Poll().Count;
            right.Sends(Ack, seq: 500_000, ack: 1);
            count += right.Poll().Count;
            left.Sends(Ack, seq: 500_000, ack: 1);
        }

        Assert.InRange(count, 1, 2 * (TcpLimits.ChallengesMin + TcpLimits.ChallengesSpread));
    }

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.4")]
    [Trait("Behaviour", "111")]
    [InlineData(1000, 0, 0, false)]
    [InlineData(1000, 0, 1, true)]
    [InlineData(1000, 0, 1000, true)]
    [InlineData(1000, 0, 1001, false)]
    [InlineData(1000, 1, 0, false)]
    [InlineData(1000, 2, 0, true)]
    [InlineData(1000, 1, 1000, true)]
    [InlineData(1000, 1, 1001, false)]
    [InlineData(0, 0, 1, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(0, 0, 2, false)]
    [InlineData(0, 1, 0, false)]
    [InlineData(0, 1, 2, false)]
    public void Segment_AgainstTheWindow_IsAcceptedByTheTable(int window, int length, int seq, bool expected)
    {
        var peer = In(TcpState.Established, Defaults with { ReceiveBuffer = 1000 });
        if (window == 0)
            peer.Sends(Ack, seq: 1, ack: 1, length: 1000).Expects(Ack, window: 0);
        var shift = window == 0 ? 1000 : 0;
        var segment = peer.Segment(Ack, seq + shift, ack: 1, length);
        Assert.Equal(expected, peer.Machine.Block.Receiver.IsAcceptable(segment));
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "111")]
    public void Established_DataIntoAShutWindow_AreDroppedAnsweredAndTheirAckIsTaken() =>
        In(TcpState.Established, Defaults with { ReceiveBuffer = 1000 }).Sends(Ack, seq: 1, ack: 1, length: 1000)
            .Expects(Ack, window: 0)
            .Writes(10).Expects(PshAck, length: 10).ExpectsEvents(TcpEvents.Readable)
            .Sends(Ack, seq: 1001, ack: 11, length: 1).ExpectsEvents(TcpEvents.Writable)
            .Expects(Ack, ack: 1001, window: 0).Reads(1000);

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "112")]
    [InlineData(TcpFlags.None)]
    [InlineData(Psh)]
    [InlineData(Fin)]
    [InlineData(Fin | Psh | TcpFlags.Urg)]
    public void Established_NoAck_IsDropped(TcpFlags flags)
    {
        var peer = In(TcpState.Established).Sends(flags, seq: 1, length: 10).ExpectsNothing()
            .ExpectsState(TcpState.Established);
        Assert.Equal(0, peer.ReceiveQueue.Length);
    }

    [Theory]
    [Trait("Conforms", "RFC 6093 section 3")]
    [Trait("Behaviour", "130")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(65_535)]
    [Trait("Hostile", "11")]
    public void Established_UrgentPointer_ChangesNothingOfTheStream(ushort urgent)
    {
        var peer = In(TcpState.Established);
        var segment = peer.Segment(PshAck | TcpFlags.Urg, seq: 1, ack: 1, length: 10);
        peer.Machine.HandleSegment(new(segment.Header with { UrgentPointer = urgent }, segment.Payload), peer.NowNs);
        peer.Sends(Ack, seq: 11, ack: 1, length: 10).Reads(20);
    }

    [Theory]
    [Trait("Conforms", "RFC 5927 section 5")]
    [Trait("Behaviour", "134")]
    [InlineData(IcmpUnreachable.Port, true)]
    [InlineData(IcmpUnreachable.Protocol, true)]
    [InlineData(IcmpUnreachable.Prohibited, true)]
    [InlineData(IcmpUnreachable.Host, false)]
    [InlineData(IcmpUnreachable.Network, false)]
    [InlineData(IcmpUnreachable.TimeExceeded, false)]
    public void SynSent_IcmpError_AbortsOnlyWhenItIsHard(IcmpUnreachable reason, bool isHard)
    {
        var peer = new TcpPeer().Opens().Expects(Syn).Complains(reason, seq: 1).ExpectsState(TcpState.SynSent)
            .Complains(reason, seq: 0);
        if (isHard)
            peer.ExpectsError<TcpError.Unreachable>();
        else
            peer.ExpectsState(TcpState.SynSent).Elapses(300_000).ExpectsError<TcpError.Unreachable>();
    }

    [Theory]
    [Trait("Conforms", "RFC 5927 section 5")]
    [Trait("Conforms", "RFC 1122 section 4.2.3.9")]
    [Trait("Behaviour", "134")]
    [InlineData(IcmpUnreachable.Port)]
    [InlineData(IcmpUnreachable.Protocol)]
    [InlineData(IcmpUnreachable.Host)]
    [Trait("Hostile", "17")]
    public void Established_IcmpError_DoesNotAbort(IcmpUnreachable reason)
    {
        var peer = In(TcpState.Established).Writes(10).Expects(PshAck, length: 10);
        peer.Complains(reason, seq: 1).ExpectsState(TcpState.Established).Sends(Ack, seq: 1, ack: 11)
            .ExpectsEvents(TcpEvents.Writable);
    }

    [Theory]
    [Trait("Conforms", "RFC 1191 section 6.4")]
    [Trait("Conforms", "RFC 5927 section 7")]
    [Trait("Behaviour", "133")]
    [InlineData(740, 700)]
    [InlineData(100, 536)] // The floor.
    [InlineData(0, 966)] // The router does not say: the next plateau is 1006.
    public void Established_FragmentationNeeded_LowersTheSegmentAndSendsAgain(int mtu, int expected)
    {
        var peer = In(TcpState.Established).Writes(2000).Expects(Ack, length: 1000).Expects(PshAck, length: 1000);
        peer.Complains(IcmpUnreachable.FragmentationNeeded, seq: 1, mtu).Expects(Ack, seq: 1, length: expected)
            .Expects(Ack, seq: 1 + expected, length: expected);
    }

    [Theory]
    [Trait("Conforms", "RFC 5927 section 4.1")]
    [Trait("Behaviour", "133")]
    [InlineData(0)]
    [InlineData(2001)]
    [InlineData(900_000)]
    [Trait("Hostile", "17")]
    public void Established_FragmentationNeededForWhatIsNotInFlight_IsIgnored(int seq)
    {
        var peer = In(TcpState.Established).Writes(2000).Expects(Ack, length: 1000).Expects(PshAck, length: 1000);
        peer.Complains(IcmpUnreachable.FragmentationNeeded, seq, 600).ExpectsNothing();
        Assert.Equal(1000, peer.Machine.Block.Size.Effective);
    }
}
