using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>Which segments are acknowledged at once.</summary>
[Trait("Conforms", "RFC 9293 section 3.8.6.3")]
public sealed class TcpAcknowledgerTests
{
    private static TcpParameters Quick => Defaults with { QuickAcks = TcpLimits.QuickAcks };

    [Fact]
    [Trait("Behaviour", "129")]
    public void FirstSegments_Each_IsAcknowledgedAtOnceAndTheNextLate()
    {
        var peer = In(TcpState.Established, Quick);
        Assert.Equal(TcpLimits.QuickAcks, CountQuick(peer, from: 1));
    }

    [Fact]
    [Trait("Behaviour", "129")]
    public void AfterAPause_FirstSegments_AreAcknowledgedAtOnceAgain()
    {
        var peer = In(TcpState.Established, Quick);
        var next = 1 + ((CountQuick(peer, from: 1) + 1) * Mss);
        peer.Elapses(40).Poll();
        peer.Elapses(159.9);
        Assert.Equal(0, CountQuick(peer, next));
        peer.Elapses(200).Poll();
        Assert.Equal(TcpLimits.QuickAcks, CountQuick(peer, next + Mss));
    }

    [Fact]
    [Trait("Behaviour", "129")]
    public void EndsThatTakeTurns_Segments_AreAcknowledgedWithTheAnswer()
    {
        var peer = In(TcpState.Established, Quick).Sends(Ack, seq: 1, ack: 1, length: 100).Writes(50)
            .Expects(PshAck, ack: 101, length: 50).ExpectsNothing();
        peer.Sends(Ack, seq: 101, ack: 51, length: 100).ExpectsNothing().Writes(50)
            .Expects(PshAck, ack: 201, length: 50).ExpectsNothing();
    }

    /// <summary>A request does not make the answer, which may be long, one of many turns.</summary>
    [Fact]
    [Trait("Behaviour", "129")]
    public void DataSentFirst_SegmentsOfTheAnswer_AreAcknowledgedAtOnce()
    {
        var peer = In(TcpState.Established, Quick).Writes(50).Expects(PshAck, length: 50);
        peer.Sends(Ack, seq: 1, ack: 51, length: Mss).Expects(Ack, ack: 1 + Mss).ExpectsNothing();
    }

    /// <summary>A device that hands over two segments as one hides how long a segment is.</summary>
    [Theory]
    [Trait("Behaviour", "129")]
    [InlineData(600, 1200)]
    [InlineData(988, 1976)]
    public void MergedSegments_ShorterThanOurs_AreAcknowledgedAtOnce(int one, int merged)
    {
        var peer = In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: merged).Expects(Ack, ack: 1 + merged);
        peer.Sends(Ack, seq: 1 + merged, ack: 1, length: one).ExpectsNothing()
            .Sends(Ack, seq: 1 + merged + one, ack: 1, length: one).Expects(Ack, ack: 1 + merged + (2 * one));
    }

    private static int CountQuick(TcpPeer peer, int from)
    {
        var count = 0;
        while (peer.Sends(Ack, from + (count * Mss), ack: 1, length: Mss).Poll().Count > 0)
        {
            peer.Reads(Mss);
            count++;
        }

        peer.Reads(Mss);
        return count;
    }
}
