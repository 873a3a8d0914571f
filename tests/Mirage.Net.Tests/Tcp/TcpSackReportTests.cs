using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>What the peer is told of bytes beyond a hole and of bytes that came twice.</summary>
[Trait("Conforms", "RFC 2018 section 4")]
public sealed class TcpSackReportTests
{
    private const int Buffer = 40_000;

    [Theory]
    [Trait("Conforms", "RFC 2018 section 2")]
    [Trait("Behaviour", "143")]
    [InlineData(true)]
    [InlineData(false)]
    public void SynReceived_Answer_PermitsSackOnlyWhenTheSynDid(bool isPermitted)
    {
        var peer = new TcpPeer().OpensBy(options: new() { SackPermitted = isPermitted });
        Assert.Equal(isPermitted, peer.PollLast().Header.Options.SackPermitted);
        Assert.True(new TcpPeer().Opens().PollLast().Header.Options.SackPermitted);
    }

    [Fact]
    [Trait("Behaviour", "143")]
    public void NotPermitted_SegmentBeyondAHole_IsAcknowledgedWithoutBlocks()
    {
        var peer = In(TcpState.Established);
        Assert.Empty(peer.Blocks(peer.Sends(Ack, seq: 1001, ack: 1, length: 100).PollLast()));
    }

    [Theory]
    [Trait("Behaviour", "143")]
    [Trait("Behaviour", "132")]
    [InlineData(5000)]
    [InlineData(uint.MaxValue - 3000)]
    public void SeveralHoles_Acknowledgments_HaveTheNewestBlockFirstAndFourAtMost(uint remote)
    {
        var peer = Established(remote: remote);
        Assert.Equal([(1001, 1101)], Tells(peer, 1001));
        Assert.Equal([(3001, 3101), (1001, 1101)], Tells(peer, 3001));
        Assert.Equal([(2001, 2101), (3001, 3101), (1001, 1101)], Tells(peer, 2001));
        Assert.Equal([(4001, 4101), (2001, 2101), (3001, 3101), (1001, 1101)], Tells(peer, 4001));
        Assert.Equal([(5001, 5101), (4001, 4101), (2001, 2101), (3001, 3101)], Tells(peer, 5001));
        // One that grows is the newest again.
        Assert.Equal([(3001, 3201), (5001, 5101), (4001, 4101), (2001, 2101)], Tells(peer, 3101));
        // Two that a segment joins are one.
        Assert.Equal([(4001, 5101), (3001, 3201), (2001, 2101)], Tells(peer, 4101, length: 900));
    }

    [Fact]
    [Trait("Behaviour", "143")]
    public void WithTimestamps_Acknowledgments_HaveThreeBlocksAtMost()
    {
        var peer = Established(hasTimestamps: true);
        for (var seq = 1001; seq < 6000; seq += 1000)
            Tells(peer, seq, options: Clock);
        Assert.Equal([(6001, 6101), (5001, 5101), (4001, 4101)], Tells(peer, 6001, options: Clock));
    }

    [Fact]
    [Trait("Behaviour", "143")]
    public void HolesFilled_Acknowledgments_HaveNoBlockThatTheNumberCovers()
    {
        var peer = Established();
        Tells(peer, 1001);
        Tells(peer, 2001);
        Assert.Equal([(2001, 2101)], Tells(peer, 1, length: 1000));
        Assert.Empty(Tells(peer, 1101, length: 900));
        peer.Reads(2100);
    }

    [Fact]
    [Trait("Behaviour", "143")]
    public void OneStretchTooMany_Acknowledgment_DoesNotTellOfIt()
    {
        var peer = Established();
        for (var index = 0; index < TcpLimits.RangesMax; index++)
            Tells(peer, 3 + (index * 2), length: 1);
        var last = 3 + (2 * (TcpLimits.RangesMax - 1));
        Assert.Equal((last, last + 1), Tells(peer, 5001)[0]);
    }

    [Fact]
    [Trait("Conforms", "RFC 6691 section 2")]
    [Trait("Behaviour", "119")]
    public void Hole_DataSegments_CarryTheBlocksAndAreAsMuchShorter()
    {
        var peer = Established();
        Tells(peer, 1001);
        Tells(peer, 3001);
        var sent = peer.Writes(3 * Mss).Poll();
        Assert.All(sent.SkipLast(1), static sent => Assert.Equal(Mss - 20, sent.Length));
        Assert.All(sent, sent => Assert.Equal([(3001, 3101), (1001, 1101)], peer.Blocks(sent)));
        Tells(peer, 1, length: 1000);
        Assert.Empty(Tells(peer, 1101, length: 1900));
        sent = peer.Sends(Ack, seq: 3101, ack: 1 + (3 * Mss)).Writes(Mss).Poll();
        Assert.Equal(Mss, Assert.Single(sent).Length);
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4.1.1")]
    [Trait("Behaviour", "147")]
    public void OldData_Acknowledgment_HasThemInTheFirstBlockOnce()
    {
        var peer = Established();
        Tells(peer, 1, length: 1000);
        Assert.Equal([(501, 701)], Tells(peer, 501, length: 200));
        Assert.Equal([(2001, 2101)], Tells(peer, 2001));
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4.1.2")]
    [Trait("Behaviour", "147")]
    public void OldDataWithAHole_Acknowledgment_HasThemBeforeTheOtherBlocks()
    {
        var peer = Established();
        Tells(peer, 1, length: 1000);
        Tells(peer, 2001);
        Tells(peer, 3001);
        Assert.Equal([(501, 701), (3001, 3101), (2001, 2101)], Tells(peer, 501, length: 200));
        Assert.Equal([(4001, 4101), (3001, 3101), (2001, 2101)], Tells(peer, 4001));
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4.2.1")]
    [Trait("Behaviour", "147")]
    public void BytesHeldTwice_Acknowledgment_HasThemBeforeTheStretchTheyLieIn()
    {
        var peer = Established();
        Tells(peer, 1001, length: 500);
        Tells(peer, 2001);
        Assert.Equal([(1101, 1201), (1001, 1501), (2001, 2101)], Tells(peer, 1101, length: 100));
        // Section 4.2.2: only the part that is in already is a duplicate.
        Assert.Equal([(1401, 1501), (1001, 1701), (2001, 2101)], Tells(peer, 1401, length: 300));
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4.2.3")]
    [Trait("Behaviour", "147")]
    public void SegmentOverSeveralStretches_Acknowledgment_TellsOfTheFirstDuplicate()
    {
        var peer = Established();
        Tells(peer, 1001);
        Tells(peer, 1201);
        Assert.Equal([(1001, 1101), (901, 1401)], Tells(peer, 901, length: 500));
        Assert.Equal([(901, 1001)], Tells(peer, 1, length: 1000));
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4")]
    [Trait("Behaviour", "147")]
    public void OldDataWithDataToSend_Acknowledgment_GoesBeforeTheDataWithoutPayload()
    {
        var peer = Established(Defaults with { SegmentationLimit = 9000 });
        Tells(peer, 1, length: 1000);
        var sent = peer.Sends(Ack, seq: 1, ack: 1, length: 1000).Writes(3000).Poll();
        Assert.Equal([(1, 1001)], peer.Blocks(sent[0]));
        Assert.Equal((0, 3000), (sent[0].Length, sent[1].Length));
        Assert.Empty(peer.Blocks(sent[1]));
    }

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4")]
    [Trait("Behaviour", "147")]
    public void SeveralDuplicatesInOneBatch_Acknowledgment_TellsOfThoseThatContinueTheFirst()
    {
        var peer = Established();
        Tells(peer, 1, length: 4000);
        var sent = peer.Sends(Ack, seq: 1001, ack: 1, length: 500).Sends(Ack, seq: 1501, ack: 1, length: 500)
            .Sends(Ack, seq: 3001, ack: 1, length: 500).Poll();
        Assert.Equal([(1001, 2001)], peer.Blocks(sent[0]));
        Assert.All(sent.Skip(1), sent => Assert.Empty(peer.Blocks(sent)));
    }

    private static TcpOptions Clock => new() { Timestamps = new(1, 0) };

    private static TcpPeer Established(
        TcpParameters? parameters = null, bool hasTimestamps = false, uint remote = 5000)
    {
        var peer = new TcpPeer(
            (parameters ?? Defaults) with { ReceiveBuffer = Buffer }, remoteInitial: remote);
        var clock = hasTimestamps ? Clock.Timestamps : null;
        peer.OpensBy(options: new() { MaximumSegmentSize = Mss, SackPermitted = true, Timestamps = clock }).Poll();
        peer.Sends(Ack, seq: 1, ack: 1, options: new() { Timestamps = clock }).ExpectsNothing().Events();
        return peer;
    }

    private static (int Start, int End)[] Tells(TcpPeer peer, int seq, int length = 100, TcpOptions options = default)
    {
        peer.Sends(Ack, seq, ack: 1, length, options);
        var sent = peer.Poll();
        return sent.Count == 0 ? [] : peer.Blocks(sent[0]);
    }
}
