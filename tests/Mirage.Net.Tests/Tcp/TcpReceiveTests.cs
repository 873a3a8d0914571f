using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpReceiveTests
{
    private static TcpParameters Buffer(int bytes) => Defaults with { ReceiveBuffer = bytes };

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.4")]
    [Trait("Behaviour", "132")]
    [InlineData(5000)]
    [InlineData(uint.MaxValue - 1500)]
    public void Established_SegmentsInAnyOrder_AreDeliveredInOrder(uint remote)
    {
        var peer = In(TcpState.Established, remoteInitial: remote);
        foreach (var seq in new[] { 2001, 1001, 4001, 3501, 3001, 1 })
            peer.Sends(Ack, seq, ack: 1, length: seq == 3501 ? 600 : 1000);
        Assert.Equal(TcpEvents.Readable, peer.Events());
        peer.Reads(5000).ExpectsEvents(TcpEvents.None);
        Assert.Equal(0, peer.Pool.Rented);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "125")]
    public void Established_SegmentAcrossTheLeftEdge_GivesItsNewPart() =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 500).Sends(Ack, seq: 1, ack: 1, length: 800)
            .Reads(800);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "125")]
    [Trait("Hostile", "32")]
    public void Established_SegmentAcrossTheRightEdge_GivesItsPartInside() =>
        In(TcpState.Established, Buffer(1000)).Sends(Ack, seq: 501, ack: 1, length: 1000)
            .Sends(Ack, seq: 1, ack: 1, length: 500).Reads(1000);

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.3")]
    [Trait("Behaviour", "129")]
    public void Established_OneSegment_IsAcknowledgedLate() =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: Mss).ExpectsNothing()
            .Elapses(39.9).ExpectsNothing().Elapses(0.1).Expects(Ack, seq: 1, ack: 1001).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.3")]
    [Trait("Behaviour", "129")]
    public void Established_EverySecondFullSegment_IsAcknowledgedAtOnce()
    {
        var peer = In(TcpState.Established);
        for (var seq = 1; seq < 8000; seq += 2 * Mss)
        {
            peer.Sends(Ack, seq, ack: 1, length: Mss).ExpectsNothing()
                .Sends(Ack, seq + Mss, ack: 1, length: Mss).Expects(Ack, ack: seq + (2 * Mss)).ExpectsNothing();
        }
    }

    [Fact]
    [Trait("Behaviour", "129")]
    public void Established_BatchInOrder_IsAcknowledgedOnce()
    {
        var peer = In(TcpState.Established);
        for (var seq = 1; seq < 10_000; seq += Mss)
            peer.Sends(Ack, seq, ack: 1, length: Mss);
        peer.Expects(Ack, ack: 10_001).ExpectsNothing();
        Assert.Null(peer.Machine.NextTimeoutNs);
    }

    [Fact]
    [Trait("Behaviour", "129")]
    public void Established_MergedSegments_CountForAsManyAsTheyAre() =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 2 * Mss).Expects(Ack, ack: 2001).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 5681 section 4.2")]
    [Trait("Behaviour", "129")]
    public void Established_Hole_IsAcknowledgedAtOnceForEachSegmentBeyondIt()
    {
        var peer = In(TcpState.Established).Sends(Ack, seq: 1001, ack: 1, length: 100).Expects(Ack, ack: 1)
            .ExpectsNothing();
        for (var seq = 2000; seq < 9000; seq += 1000)
            peer.Sends(Ack, seq, ack: 1, length: 100);
        // Enough for a fast retransmission.
        peer.Expects(Ack, ack: 1).Expects(Ack, ack: 1).Expects(Ack, ack: 1).ExpectsNothing();
        // Part of the hole is filled.
        peer.Sends(Ack, seq: 1, ack: 1, length: 1000).Expects(Ack, ack: 1101).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "129")]
    public void Established_OldData_AreAcknowledgedAtOnce() =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 100).Elapses(40).Expects(Ack)
            .Sends(Ack, seq: 1, ack: 1, length: 100)
            .Expects(Ack, ack: 101).ExpectsNothing();

    [Fact]
    [Trait("Behaviour", "129")]
    public void Established_DataToSend_TakeTheAcknowledgmentAlong() =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 100).Writes(10)
            .Expects(PshAck, ack: 101, length: 10).ExpectsNothing()
            .Sends(Ack, seq: 101, ack: 11).Elapses(1000).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6")]
    [Trait("Behaviour", "123")]
    public void Established_UnreadData_CloseTheWindowWithoutMovingItsEdge()
    {
        var peer = In(TcpState.Established, Buffer(4000));
        for (var seq = 1; seq < 4000; seq += 500)
            peer.Sends(Ack, seq, ack: 1, length: 500).Elapses(40)
                .Expects(Ack, ack: seq + 500, window: 4000 - seq - 499);
        peer.Sends(Ack, seq: 4001, ack: 1, length: 500).Expects(Ack, ack: 4001, window: 0);
        Assert.Equal(4000, peer.ReceiveQueue.Length);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.2.2")]
    [Trait("Behaviour", "127")]
    [Trait("Behaviour", "128")]
    public void WindowShut_SmallReads_OpenItInOneStep() =>
        In(TcpState.Established, Buffer(4000)).Sends(Ack, seq: 1, ack: 1, length: 4000)
            .Expects(Ack, ack: 4001, window: 0)
            .Reads(500).ExpectsNothing().Reads(499).ExpectsNothing().Reads(1).Expects(Ack, ack: 4001, window: 1000)
            .ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.2.2")]
    [Trait("Behaviour", "127")]
    public void WindowShut_HalfOfASmallBufferRead_OpensIt() =>
        In(TcpState.Established, Buffer(600)).Sends(Ack, seq: 1, ack: 1, length: 600).Expects(Ack, window: 0)
            .Reads(299).ExpectsNothing().Reads(1).Expects(Ack, ack: 601, window: 300);

    [Fact]
    [Trait("Behaviour", "127")]
    public void WindowWide_Reads_WaitForTheNextAcknowledgment() =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 4000).Expects(Ack, window: 16_000).Reads(4000)
            .ExpectsNothing()
            .Sends(Ack, seq: 4001, ack: 1, length: 4000).Expects(Ack, ack: 8001, window: 16_000);

    [Fact]
    [Trait("Conforms", "RFC 7323 section 2.3")]
    [Trait("Behaviour", "120")]
    public void Established_LargeBuffer_OffersAScaledWindowBeyondTheSyn()
    {
        var peer = new TcpPeer(Buffer(1 << 20)).OpensBy(options: new() { WindowScale = 0 });
        peer.Expects(SynAck, window: 65_535).Sends(Ack, seq: 1, ack: 1).Sends(Ack, seq: 1, ack: 1, length: 2000)
            .Expects(Ack, window: ((1 << 20) - 2000) >> 5);
    }

    [Fact]
    [Trait("Behaviour", "120")]
    public void Established_PeerThatDoesNotScale_IsOfferedAtMost64K()
    {
        var peer = new TcpPeer(Buffer(1 << 20)).OpensBy();
        peer.Expects(SynAck, window: 65_535).Sends(Ack, seq: 1, ack: 1).Sends(Ack, seq: 1, ack: 1, length: 2000)
            .Expects(Ack, window: 65_535);
    }

    /// <summary>A peer that fills a scaled window by single bytes, of which nothing is read, finds an end to
    /// it.</summary>
    [Fact]
    [Trait("Conforms", "RFC 7323 section 2.4")]
    [Trait("Behaviour", "123")]
    public void Established_ScaledWindowFilledByBytes_HasAnEnd()
    {
        var peer = In(TcpState.Established, Buffer(1 << 17));
        peer.Machine.Block.Window.Scale();
        var edge = peer.Machine.Block.Window.Edge;
        for (var seq = 1; seq < 1 << 18; seq++)
        {
            peer.Sends(Ack, seq, ack: 1, length: 1);
            peer.Machine.Block.Acknowledger.OweNow();
            peer.Poll();
            Assert.True(edge.IsUpTo(peer.Machine.Block.Window.Edge), "What was promised is taken.");
            edge = peer.Machine.Block.Window.Edge;
        }

        Assert.InRange(peer.ReceiveQueue.Length, 1 << 17, (1 << 17) + (1 << 13));
    }

    [Fact]
    [Trait("Behaviour", "125")]
    [Trait("Hostile", "8")]
    public void Established_OneByteInTwo_IsHeldInBoundedMemory()
    {
        var peer = In(TcpState.Established, Buffer(1 << 16));
        for (var seq = 3; seq < 1 << 16; seq += 2)
            peer.Sends(Ack, seq, ack: 1, length: 1);
        Assert.Equal(TcpLimits.RangesMax, peer.Machine.Block.Receiver.Reassembly.RangeCount);
        Assert.InRange(peer.Pool.Rented, 1, 10);
        Assert.Equal(0, peer.ReceiveQueue.Length);
        peer.Poll();
        for (var seq = 1; seq < 20_000; seq += 1000)
            peer.Sends(Ack, seq, ack: 1, length: 1000);
        peer.Reads(20_000);
    }

    [Fact]
    public void Closed_BytesBeyondAHole_GiveTheirMemoryBack()
    {
        var peer = In(TcpState.Established).Sends(Ack, seq: 5001, ack: 1, length: 1000);
        Assert.Equal(1, peer.Pool.Rented);
        peer.Machine.HandleAbort(peer.NowNs);
        Assert.Equal(0, peer.Pool.Rented);
    }
}
