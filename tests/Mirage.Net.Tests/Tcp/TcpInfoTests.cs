using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 4898")]
public sealed class TcpInfoTests
{
    [Fact]
    public void Established_BytesBothWays_AreCountedAndTheRestIsTold()
    {
        var peer = new TcpPeer().OpensBy(options: new()
        {
            MaximumSegmentSize = Mss,
            WindowScale = 0,
            SackPermitted = true,
        });
        peer.Poll();
        peer.NowNs += 30_000_000;
        peer.Sends(Ack, seq: 1, ack: 1).Writes(15_000).Poll();
        peer.NowNs += 30_000_000;
        peer.Sends(Ack, seq: 1, ack: 1 + (2 * Mss), length: 700).Reads(200);
        var info = peer.Machine.Info;
        Assert.Equal(TcpState.Established, info.State);
        Assert.Equal((true, true, false, false),
            (info.HasWindowScale, info.HasSack, info.HasTimestamps, info.HasEcn));
        Assert.Equal(TimeSpan.FromMilliseconds(30), info.SmoothedRtt);
        Assert.Equal((Mss, 700), (info.CurrentMss, info.ReceivedMss));
        Assert.Equal((2L * Mss, 700L, 500L), (info.OctetsAcknowledged, info.OctetsReceived, info.Unread));
        Assert.Equal((8L * Mss, 5L * Mss), (info.Unacknowledged, info.Unsent));
        Assert.Equal((11, 2), (info.SegmentsOut, info.SegmentsIn));
        Assert.Equal((30_000, 19_300), (info.PeerWindow, info.OwnWindow));
        Assert.True(info.CurrentCwnd >= 10 * Mss, $"{info.CurrentCwnd} may be in flight.");
        Assert.True(info.CurrentRto >= info.SmoothedRtt, $"{info.CurrentRto} is waited.");
    }

    [Fact]
    public void HoleInWhatWasSent_SackedLostAndSentAgain_AreTold()
    {
        var peer = Selective(8000).Elapses(100).Sacks(1, (1001, 4001));
        Assert.Equal((3000, 1000), (peer.Machine.Info.Sacked, peer.Machine.Info.Lost));
        peer.Expects(Ack, seq: 1, length: 1000);
        Assert.Equal((0, 1), (peer.Machine.Info.Lost, peer.Machine.Info.SegmentsRetransmitted));
    }

    [Fact]
    public void Rates_OfWhatIsConfirmedAndOfWhatMayLeave_AreBytesASecond()
    {
        var peer = Selective(10_000, written: 100_000, parameters: Defaults with { Pacing = true });
        Assert.Equal(0, peer.Machine.Info.DeliveryRate);
        // A window in a round trip of 100 ms, and twice that in slow start.
        Assert.Equal(2 * 10 * peer.Machine.Info.CurrentCwnd, peer.Machine.Info.PacingRate);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 1 + 10_000);
        Assert.Equal(100_000, peer.Machine.Info.DeliveryRate);
        Assert.Equal(0, In(TcpState.Established).Machine.Info.PacingRate); // Without pacing.
    }

    [Fact]
    public void SegmentThatTheDeviceCuts_Segments_AreAsManyAsItMakes()
    {
        var peer = In(TcpState.Established, Defaults with { SegmentationLimit = 9000 });
        var before = peer.Machine.Info.SegmentsOut;
        Assert.Single(peer.Writes(4500).Poll());
        Assert.Equal(5, peer.Machine.Info.SegmentsOut - before);
    }

    [Fact]
    public void Closed_FinAcknowledged_CountsNoByteForIt()
    {
        var peer = In(TcpState.Established).Writes(10).Closes();
        peer.Poll();
        peer.Sends(Ack, seq: 1, ack: 12).ExpectsState(TcpState.FinWait2);
        Assert.Equal(10, peer.Machine.Info.OctetsAcknowledged);
    }
}
