using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpSackTests
{
    [Theory]
    [Trait("Conforms", "RFC 6675 section 5")]
    [Trait("Behaviour", "144")]
    [Trait("Behaviour", "132")]
    [InlineData(1000)]
    [InlineData(uint.MaxValue - 2500)]
    public void ThreeSegmentsBeyondTheHole_OnlyTheHoleIsSentAgain(uint local)
    {
        var peer = Selective(8000, local: local).Elapses(100);
        peer.Sacks(1, (1001, 2001)).ExpectsNothing().Sacks(1, (1001, 3001)).ExpectsNothing()
            .Sacks(1, (1001, 4001)).Expects(Ack, seq: 1, length: 1000).ExpectsNothing();
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
        peer.Sacks(1, (1001, 8001)).ExpectsNothing().Elapses(100).Sends(Ack, seq: 1, ack: 8001).ExpectsNothing();
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
        Assert.Equal(4000, peer.Machine.Block.Congestion.ThresholdBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 6675 section 5")]
    [Trait("Behaviour", "144")]
    public void SeveralHoles_AreAllSentAgainInOneRoundTrip()
    {
        var peer = Selective(10_000).Elapses(100);
        peer.Sacks(1, (1001, 2001)).Sacks(1, (3001, 4001), (1001, 2001))
            .Sacks(1, (5001, 6001), (3001, 4001), (1001, 2001));
        var sent = peer.Poll();
        for (var end = 7001; end <= 10_001; end += 1000)
        {
            peer.Sacks(1, (5001, end), (3001, 4001), (1001, 2001));
            sent.AddRange(peer.Poll());
        }

        Assert.Equal([1, 2001, 4001], sent.Select(piece => piece.Seq));
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 10_001).ExpectsNothing();
        Assert.Equal((0, 0), (peer.Machine.Block.Recovery.Scoreboard.Count, peer.Machine.Block.Recovery.InFlight));
    }

    [Fact]
    [Trait("Conforms", "RFC 6675 section 4")]
    [Trait("Behaviour", "144")]
    public void Pipe_IsWhatIsNeitherConfirmedNorLost()
    {
        var peer = Selective(10_000).Elapses(100);
        Assert.Equal(10_000, peer.Machine.Block.Recovery.InFlight);
        peer.Sacks(1, (4001, 6001));
        Assert.Equal(8000, peer.Machine.Block.Recovery.InFlight);
        peer.Sacks(1, (4001, 7001)); // Three segments: what is before them is lost.
        Assert.Equal(3000, peer.Machine.Block.Recovery.InFlight);
        Assert.Equal(4000, peer.Machine.Block.Recovery.Scoreboard.LostBytes);
    }

    [Theory]
    [Trait("Conforms", "RFC 2018 section 5")]
    [Trait("Behaviour", "146")]
    [InlineData(0, 500)] // Below what is acknowledged.
    [InlineData(-5000, -4000)]
    [InlineData(5001, 4001)] // Inverted.
    [InlineData(4001, 4001)] // Empty.
    [InlineData(7001, 8002)] // Beyond what was sent.
    [InlineData(20_000, 30_000)]
    [InlineData(1, 1001)] // It would be acknowledged.
    [InlineData(-2_000_000_000, 2_000_000_000)]
    [Trait("Hostile", "9")]
    [Trait("Hostile", "39")]
    public void BlockThatCannotBe_ChangesNothing(int start, int end)
    {
        var peer = Selective(8000).Elapses(100);
        for (var count = 0; count < 5; count++)
            peer.Sacks(1, (start, end)).ExpectsNothing();
        ref var recovery = ref peer.Machine.Block.Recovery;
        Assert.Equal((8000, 0), (recovery.InFlight, recovery.Scoreboard.SackedBytes));
        peer.Sends(Ack, seq: 1, ack: 8001);
        Assert.Equal(0, peer.Machine.Block.Recovery.Scoreboard.Count);
    }

    [Fact]
    [Trait("Conforms", "RFC 2018 section 5")]
    [Trait("Behaviour", "146")]
    public void BlocksThatOverlap_CountOnce()
    {
        var peer = Selective(10_000).Elapses(100)
            .Sacks(1, (3001, 6001), (4001, 7001), (3001, 7001), (5001, 6001));
        Assert.Equal(4000, peer.Machine.Block.Recovery.Scoreboard.SackedBytes);
        Assert.Equal(4, peer.Machine.Block.Recovery.Scoreboard.SackedSegments);
    }

    [Fact]
    [Trait("Conforms", "RFC 2018 section 8")]
    [Trait("Behaviour", "145")]
    public void PeerReneges_TheTimeoutSendsEverythingAgain()
    {
        var peer = Selective(5000).Elapses(100).Sacks(1, (1001, 5001)).Expects(Ack, seq: 1, length: 1000);
        // The hole is filled, and what was confirmed is not acknowledged with it.
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 1001).ExpectsNothing();
        var got = 1001;
        for (var round = 0; round < 20 && got < 5001; round++)
        {
            peer.ElapsesToTimeout();
            foreach (var sent in peer.Poll())
                got = sent.Seq == got ? got + sent.Length : got;
            peer.Elapses(100).Sends(Ack, seq: 1, ack: got);
        }

        Assert.Equal(5001, got);
        Assert.Equal(0, peer.Machine.Block.Recovery.Scoreboard.Count);
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4")]
    [Trait("Behaviour", "147")]
    public void DuplicateReported_IsNoLossAndConfirmsNothing()
    {
        var peer = Selective(8000).Elapses(100).Sends(Ack, seq: 1, ack: 3001);
        for (var count = 0; count < 5; count++)
            peer.Sacks(3001, (1, 1001)).ExpectsNothing();
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
        Assert.Equal(5000, peer.Machine.Block.Recovery.InFlight);
    }

    [Fact]
    [Trait("Conforms", "RFC 2018 section 5")]
    [Trait("Behaviour", "146")]
    [Trait("Hostile", "9")]
    public void EveryOtherByteConfirmed_TheScoreboardKeepsWholeSegments()
    {
        // CVE-2019-11477: a peer that cuts what is in flight to pieces.
        var peer = Selective(10_000).Elapses(100);
        for (var start = 1001; start < 9000; start += 4)
            peer.Sacks(1, (start, start + 2), (start + 1000, start + 1001), (start + 500, start + 501));
        Assert.InRange(peer.Machine.Block.Recovery.Scoreboard.Count, 1, 10);
        Assert.Equal(0, peer.Machine.Block.Recovery.Scoreboard.SackedBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 6675 section 5")]
    [Trait("Behaviour", "144")]
    public void PieceThatTheDeviceCut_IsSentAgainInPart()
    {
        var peer = Selective(10_000, parameters: Defaults with { SegmentationLimit = 64_000 }).Elapses(100);
        Assert.Equal(1, peer.Machine.Block.Recovery.Scoreboard.Count);
        peer.Sacks(1, (3001, 10_001)).Expects(Ack, seq: 1, length: 3000).ExpectsNothing();
        Assert.Equal(2, peer.Machine.Block.Recovery.Scoreboard.Count);
    }

    [Fact]
    public void Scoreboard_AnyHistory_CountsWhatIsThere()
    {
        for (ulong seed = 0; seed < 300; seed++)
            new ScoreboardHistory(seed).Run(steps: 400);
    }
}
