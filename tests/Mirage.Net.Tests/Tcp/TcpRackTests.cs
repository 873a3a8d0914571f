using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpRackTests
{
    [Fact]
    [Trait("Conforms", "RFC 8985 section 6.2")]
    [Trait("Behaviour", "148")]
    public void FewBeyondTheHole_IsLostWhenTheReorderingWindowHasPassed()
    {
        var peer = Selective(3000).Elapses(100).Sacks(1, (1001, 2001)).ExpectsNothing();
        Assert.Equal(25, (peer.Machine.NextTimeoutNs - peer.NowNs) / 1_000_000); // A quarter of the round trip.
        peer.Elapses(24).ExpectsNothing().Elapses(1).Expects(Ack, seq: 1, length: 1000);
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 6.2")]
    [Trait("Behaviour", "148")]
    public void Reordering_Seen_ThreeSegmentsAreNoLossAnyMore()
    {
        var peer = Selective(4000, written: 4000).Elapses(100);
        // The first segment arrives last: the network reorders.
        peer.Sacks(1, (1001, 2001)).Sacks(1, (1001, 3001)).Elapses(2).Sends(Ack, seq: 1, ack: 3001)
            .Sends(Ack, seq: 1, ack: 4001).ExpectsNothing();
        peer.Writes(6000).Poll();
        peer.Elapses(100).Sacks(4001, (5001, 6001)).Sacks(4001, (5001, 7001)).Sacks(4001, (5001, 8001))
            .ExpectsNothing();
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
        peer.Elapses(26).Expects(Ack, seq: 4001, length: 1000); // The window of a quarter of a round trip is over.
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 6.2")]
    [Trait("Behaviour", "148")]
    public void RetransmissionLost_IsFoundByWhatWasSentAfterIt()
    {
        var peer = Selective(10_000, written: 30_000).Elapses(100)
            .Sacks(1, (1001, 2001)).Sacks(1, (1001, 3001)).Sacks(1, (1001, 4001)).Expects(Ack, seq: 1, length: 1000);
        peer.Poll();
        peer.Elapses(10);
        for (var end = 5001; end <= 10_001; end += 1000)
            peer.Sacks(1, (1001, end));
        var later = peer.Poll();
        Assert.NotEmpty(later); // New data, sent after the retransmission.
        Assert.DoesNotContain(later, piece => piece.Seq == 1);
        peer.Elapses(100).Sacks(1, (1001, later[^1].Seq + later[^1].Length)).Elapses(30);
        Assert.Contains(peer.Poll(), piece => piece.Seq == 1);
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 6.2")]
    [Trait("Behaviour", "148")]
    public void DuplicatesReported_WidenTheReorderingWindow()
    {
        var peer = Selective(4000).Elapses(100).Sacks(1, (1001, 2001)).Elapses(25).Expects(Ack, seq: 1, length: 1000);
        // It had only been late, and both copies arrive.
        peer.Elapses(5).Sends(Ack, seq: 1, ack: 4001).Sacks(4001, (1, 1001));
        peer.Writes(4000).Poll();
        peer.Elapses(100).Sacks(4001, (5001, 6001));
        var wait = (peer.Machine.NextTimeoutNs!.Value - peer.NowNs) / 1_000_000;
        Assert.InRange(wait, 40, 60); // Twice a quarter.
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 6.2")]
    [Trait("Behaviour", "150")]
    public void ClockOfFifteenMs_ManySentAtOnce_NoneIsLost()
    {
        // Everything carries the same time, and arrives in order in one batch.
        var peer = Selective(10_000).Elapses(15);
        for (var ack = 1001; ack <= 10_001; ack += 1000)
            peer.Sends(Ack, seq: 1, ack: ack);
        Assert.Equal(0, peer.Machine.Block.Recovery.Retransmits);
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.3")]
    [Trait("Behaviour", "149")]
    public void TailLost_TheLastSegmentIsTheProbeAfterTwoRoundTrips()
    {
        var peer = Selective(4000);
        Assert.Equal(200, (peer.Machine.NextTimeoutNs - peer.NowNs) / 1_000_000);
        peer.ElapsesToTimeout().Expects(PshAck, seq: 3001, length: 1000).ExpectsNothing();
        // It confirms the last one; by RACK the others before it are lost.
        peer.Elapses(100).Sacks(1, (3001, 4001)).Elapses(30).Expects(Ack, seq: 1, length: 1000).ExpectsNothing();
        peer.Elapses(100).Sacks(1001, (3001, 4001)).Expects(Ack, seq: 1001, length: 1000)
            .Expects(Ack, seq: 2001, length: 1000).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.2")]
    [Trait("Behaviour", "149")]
    public void OneSegmentInFlight_TheProbeWaitsForADelayedAcknowledgment()
    {
        var peer = Selective(500);
        Assert.InRange((peer.Machine.NextTimeoutNs!.Value - peer.NowNs) / 1_000_000, 300, 400);
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.3")]
    [Trait("Behaviour", "149")]
    public void NewDataQueued_AreTheProbe()
    {
        // The window of the sender holds the rest back.
        var peer = Selective(10_000, written: 15_000);
        peer.ElapsesToTimeout().Expects(Ack, seq: 10_001, length: 1000).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.4")]
    [Trait("Behaviour", "149")]
    public void ProbeRepairedTheLoss_TheWindowIsReduced()
    {
        var peer = Selective(4000);
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.ElapsesToTimeout().Expects(PshAck, seq: 3001, length: 1000);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 4001).ExpectsNothing();
        Assert.Equal(before, peer.Machine.Block.Congestion.WindowBytes); // Both may have arrived.
        peer.Writes(1000).Expects(PshAck, seq: 4001, length: 1000).Elapses(100).Sends(Ack, seq: 1, ack: 5001);
        Assert.True(peer.Machine.Block.Congestion.ThresholdBytes < before, "The probe had replaced a lost segment.");
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.4")]
    [Trait("Behaviour", "149")]
    public void ProbeReportedAsDuplicate_NothingWasLost()
    {
        var peer = Selective(4000);
        var before = peer.Machine.Block.Congestion.ThresholdBytes;
        peer.ElapsesToTimeout().Expects(PshAck, seq: 3001, length: 1000);
        peer.Elapses(50).Sends(Ack, seq: 1, ack: 4001).Sacks(4001, (3001, 4001));
        peer.Writes(1000).Expects(PshAck, seq: 4001, length: 1000).Elapses(100).Sends(Ack, seq: 1, ack: 5001);
        Assert.Equal(before, peer.Machine.Block.Congestion.ThresholdBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.3")]
    [Trait("Behaviour", "149")]
    public void ProbeNotAnswered_TheTimeoutFollows()
    {
        var peer = Selective(4000);
        peer.ElapsesToTimeout().Expects(PshAck, seq: 3001, length: 1000).ExpectsNothing();
        peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1000).ExpectsNothing();
        Assert.Equal(RecoveryPhase.Timeout, peer.Machine.Block.Recovery.Phase);
    }
}
