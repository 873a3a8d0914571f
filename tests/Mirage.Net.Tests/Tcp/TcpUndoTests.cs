using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpUndoTests
{
    [Fact]
    [Trait("Conforms", "RFC 5682 section 3.1")]
    [Trait("Behaviour", "157")]
    public void TimeoutForNothing_OriginalsArrive_TheWindowIsWhatItWas()
    {
        var peer = Selective(10_000, written: 30_000);
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.ElapsesToTimeout().Poll(); // The tail loss probe.
        peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1000).ExpectsNothing();
        Assert.Equal(1000, peer.Machine.Block.Congestion.WindowBytes);
        // The path had only been slow: the acknowledgments of the first copies come one by one.
        peer.Sends(Ack, seq: 1, ack: 1001);
        var sent = peer.Poll();
        Assert.Equal([11_001, 12_001], sent.Select(piece => piece.Seq)); // New data first: step 2b.
        peer.Sends(Ack, seq: 1, ack: 2001);
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, before, before + 3000);
        Assert.Equal((1, 0), (peer.Machine.Block.Recovery.Undone, peer.Machine.Block.Recovery.Scoreboard.LostBytes));
        Assert.DoesNotContain(peer.Poll(), piece => piece.Seq < 10_001);
    }

    [Fact]
    [Trait("Conforms", "RFC 5682 section 3.1")]
    [Trait("Behaviour", "157")]
    public void TimeoutForGood_TheRestIsSentAgain()
    {
        var peer = Selective(10_000, written: 30_000);
        peer.ElapsesToTimeout().Poll();
        peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1000);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 1001);
        Assert.Equal([11_001, 12_001], peer.Poll().Select(piece => piece.Seq));
        peer.Elapses(100).Sacks(1001, (11_001, 12_001));
        var sent = peer.Poll();
        Assert.Equal(1001, sent[0].Seq);
        Assert.Equal(0, peer.Machine.Block.Recovery.Undone);
        Assert.Equal(RecoveryPhase.Timeout, peer.Machine.Block.Recovery.Phase);
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 5")]
    [Trait("Behaviour", "157")]
    [Trait("Behaviour", "147")]
    public void AllRetransmissionsReportedAsDuplicates_TheReductionIsUndone()
    {
        var peer = Selective(10_000);
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.Elapses(100).Sacks(1, (1001, 2001)).Sacks(1, (1001, 3001)).Sacks(1, (1001, 4001))
            .Expects(Ack, seq: 1, length: 1000);
        peer.Elapses(5).Sends(Ack, seq: 1, ack: 4001);
        peer.Sacks(4001, (1, 1001));
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
        Assert.True(peer.Machine.Block.Congestion.WindowBytes >= before, "The window is what it was.");
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 5")]
    [Trait("Behaviour", "157")]
    public void OneOfTwoRetransmissionsReported_NothingIsUndone()
    {
        var peer = Selective(10_000).Elapses(100).Sacks(1, (2001, 5001));
        var sent = peer.Poll();
        for (var end = 6001; end <= 10_001; end += 1000)
        {
            peer.Sacks(1, (2001, end));
            sent.AddRange(peer.Poll());
        }

        Assert.Equal([1, 1001], sent.Select(piece => piece.Seq));
        peer.Elapses(50).Sacks(1001, (1, 1001), (2001, 10_001));
        Assert.Equal(0, peer.Machine.Block.Recovery.Undone);
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
    }
}
