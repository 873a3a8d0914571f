using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>One loss reduces the window once, and is undone only by evidence of its own.</summary>
public sealed class TcpEpisodeTests
{
    [Fact]
    [Trait("Conforms", "RFC 3708 section 3")]
    [Trait("Behaviour", "157")]
    public void DuplicateOfAnEarlierEpisode_DoesNotUndoTheLossOfThisOne()
    {
        // The first segment is only late: it is sent again for nothing.
        var peer = Selective(10_000, written: 40_000).Elapses(100)
            .Sacks(1, (1001, 2001)).Sacks(1, (1001, 3001)).Sacks(1, (1001, 4001));
        Assert.Contains(peer.Poll(), piece => piece.Seq == 1);
        peer.Elapses(5).Sends(Ack, seq: 1, ack: 10_001).Poll();
        // Now one is really lost.
        peer.Elapses(100);
        for (var end = 12_001; end <= 14_001; end += 1000)
            peer.Sacks(10_001, (11_001, end));
        peer.Elapses(30);
        var again = peer.Poll();
        Assert.Contains(again, piece => piece.Seq == 10_001);
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
        peer.Sacks(10_001, (1, 1001), (11_001, 14_001)); // The report about the first comes late.
        Assert.Equal((0, RecoveryPhase.Fast), (peer.Machine.Block.Recovery.Undone, peer.Machine.Block.Recovery.Phase));
    }

    [Fact]
    [Trait("Conforms", "RFC 8985 section 7.4")]
    [Trait("Behaviour", "149")]
    public void ProbeThatWasNotNeeded_UndoesNoEarlierReduction()
    {
        var peer = Selective(10_000).Elapses(100)
            .Sacks(1, (1001, 2001)).Sacks(1, (1001, 3001)).Sacks(1, (1001, 4001)).Expects(Ack, seq: 1, length: 1000);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 10_001);
        var threshold = peer.Machine.Block.Congestion.ThresholdBytes;
        peer.Elapses(50).Writes(3000).Poll();
        peer.ElapsesToTimeout(); // The probe.
        Assert.Equal(12_001, peer.Poll().Single().Seq);
        peer.Sends(Ack, seq: 1, ack: 13_001).Sacks(13_001, (12_001, 13_001));
        Assert.Equal(threshold, peer.Machine.Block.Congestion.ThresholdBytes);
        Assert.Equal(0, peer.Machine.Block.Recovery.Undone);
    }

    [Fact]
    [Trait("Conforms", "RFC 5682 section 3.1")]
    [Trait("Behaviour", "157")]
    public void FirstAnswerAfterATimeout_IsNoEvidence()
    {
        // The second was sent shortly before the timeout, and only the first is lost.
        var peer = Selective(1000).Elapses(250).Writes(1000).Expects(PshAck, seq: 1001, length: 1000);
        for (var timeout = 0; peer.Machine.Block.Recovery.Phase is not RecoveryPhase.Timeout; timeout++)
        {
            Assert.True(timeout < 3, "The timer expires.");
            peer.ElapsesToTimeout().Poll();
        }

        peer.Sacks(1, (1001, 2001));
        Assert.Equal(0, peer.Machine.Block.Recovery.Undone);
        Assert.Equal(1000, peer.Machine.Block.Congestion.WindowBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.2")]
    [Trait("Behaviour", "138")]
    public void LossAndMarkOfOneWindow_ReduceOnce()
    {
        var peer = Selective(10_000, written: 40_000).Elapses(100);
        for (var end = 2001; end <= 10_001; end += 1000)
        {
            peer.Sacks(1, (1001, end));
            peer.Poll();
        }

        Assert.Equal(1, peer.Machine.Block.Congestion.Reductions);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 12_001);
        peer.Machine.Block.Recovery.OnCongestionEcho(peer.NowNs);
        Assert.Equal(2, peer.Machine.Block.Congestion.Reductions); // All of that window was acknowledged before.

        peer = Selective(10_000, written: 40_000).Elapses(100);
        peer.Machine.Block.Recovery.OnCongestionEcho(peer.NowNs);
        for (var end = 2001; end <= 10_001; end += 1000)
            peer.Sacks(1, (1001, end));
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
        Assert.Equal(1, peer.Machine.Block.Congestion.Reductions);
    }

    [Fact]
    [Trait("Conforms", "RFC 6675 section 5")]
    public void WindowShutAndOpenedInRecovery_KeepsTheReduction()
    {
        var peer = Selective(10_000, written: 40_000).Elapses(100)
            .Sacks(1, (1001, 2001)).Sacks(1, (1001, 3001)).Sacks(1, (1001, 4001));
        peer.Poll();
        var threshold = peer.Machine.Block.Congestion.ThresholdBytes;
        peer.Window = 0;
        peer.Sends(Ack, seq: 1, ack: 1001);
        peer.Window = 60_000;
        peer.Sends(Ack, seq: 1, ack: 1001);
        Assert.Equal(threshold, peer.Machine.Block.Congestion.WindowBytes);
        Assert.True(peer.Poll().Sum(piece => piece.Length) <= threshold, "No more goes out than the reduction leaves.");
    }

    [Fact]
    [Trait("Conforms", "RFC 2018 section 8")]
    [Trait("Behaviour", "143")]
    public void WhatIsPruned_IsNotReportedAnyMore()
    {
        var peer = new TcpPeer().OpensBy(options: new() { MaximumSegmentSize = Mss, SackPermitted = true })
            .Expects(SynAck).Sends(Ack, seq: 1, ack: 1).Sends(Ack, seq: 2001, ack: 1, length: 1000);
        Assert.Equal(1, peer.Poll().Single().Header.Options.Sack.Count);
        Assert.True(peer.Machine.HandlePrune());
        peer.Sends(Ack, seq: 1, ack: 1, length: 1000);
        peer.Elapses(100);
        Assert.All(peer.Poll(), sent => Assert.Equal(0, sent.Header.Options.Sack.Count));
    }
}
