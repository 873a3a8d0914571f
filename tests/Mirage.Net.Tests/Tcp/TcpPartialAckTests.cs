using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>The retransmission timer while fast recovery without selective acknowledgments repairs a hole a round
/// trip.</summary>
public sealed class TcpPartialAckTests
{
    [Fact]
    [Trait("Conforms", "RFC 6582 section 3.2")]
    [Trait("Conforms", "RFC 6582 section 4")]
    [Trait("Behaviour", "142")]
    public void FastRecovery_PartialAcknowledgments_OnlyTheFirstRestartsTheTimer()
    {
        var peer = Recovering();
        var rto = peer.Machine.Block.Rtt.RtoNs;
        peer.Elapses(50).Sends(Ack, seq: 1, ack: 1001).Expects(Ack, seq: 1001, length: 1000);
        Assert.Equal(rto, peer.Machine.NextTimeoutNs - peer.NowNs);
        peer.Elapses(50).Sends(Ack, seq: 1, ack: 2001).Expects(Ack, seq: 2001, length: 1000);
        Assert.Equal(rto - 50_000_000, peer.Machine.NextTimeoutNs - peer.NowNs);
    }

    [Fact]
    [Trait("Conforms", "RFC 6582 section 4")]
    [Trait("Behaviour", "142")]
    public void FastRecovery_HoleAfterHole_EndsInSlowStart()
    {
        var peer = Recovering();
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 1001).Expects(Ack, seq: 1001, length: 1000);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 2001).Expects(Ack, seq: 2001, length: 1000);
        peer.ElapsesToTimeout().Expects(Ack, seq: 2001, length: 1000);
        Assert.Equal(RecoveryPhase.Timeout, peer.Machine.Block.Recovery.Phase);
        peer.Sends(Ack, seq: 1, ack: 3001).Expects(Ack, seq: 3001, length: 1000).Expects(Ack, seq: 4001, length: 1000);
    }

    [Fact]
    [Trait("Conforms", "RFC 6582 section 3.2")]
    [Trait("Behaviour", "142")]
    public void AfterRecovery_Acknowledgments_RestartTheTimerAgain()
    {
        var peer = Recovering();
        peer.Elapses(50).Sends(Ack, seq: 1, ack: 1001).Elapses(50).Sends(Ack, seq: 1, ack: 10_001);
        peer.Poll();
        peer.Elapses(10).Sends(Ack, seq: 1, ack: 11_001);
        Assert.Equal(peer.Machine.Block.Rtt.RtoNs, peer.Machine.NextTimeoutNs - peer.NowNs);
    }

    // Ten segments out, the first of which is found lost.
    private static TcpPeer Recovering()
    {
        var peer = new TcpPeer().Opens().Expects(Syn).Elapses(100)
            .Sends(SynAck, seq: 0, ack: 1, options: new() { MaximumSegmentSize = Mss }).Expects(Ack).Writes(60_000);
        Assert.Equal(10_000, peer.Poll().Sum(static piece => piece.Length));
        peer.Elapses(10);
        for (var count = 0; count < 3; count++)
            peer.Sends(Ack, seq: 1, ack: 1);
        Assert.Contains(peer.Poll(), static piece => piece.Seq == 1);
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
        return peer;
    }
}
