using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpRecoveryTests
{
    [Fact]
    [Trait("Conforms", "RFC 6298 section 5")]
    [Trait("Behaviour", "139")]
    public void Established_NoAcknowledgment_SendsTheFirstSegmentAgainAndBacksOff()
    {
        var peer = InFlight(5000);
        var rto = peer.Machine.NextTimeoutNs!.Value - peer.NowNs;
        for (var retry = 0; retry < 5; retry++)
        {
            Assert.Equal(rto << retry, peer.Machine.NextTimeoutNs - peer.NowNs);
            peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1000).ExpectsNothing();
        }
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.3")]
    [Trait("Behaviour", "140")]
    public void Established_NoProgress_TimesOutAfterAllRetransmissions()
    {
        var peer = InFlight(500);
        var start = peer.NowNs;
        for (var retry = 0; retry < TcpLimits.RetransmitsMax; retry++)
            peer.ElapsesToTimeout().Expects(PshAck, seq: 1, length: 500).ExpectsNothing();
        peer.ElapsesToTimeout().ExpectsError<TcpError.Timeout>().ExpectsEvents(TcpEvents.Failed | TcpEvents.Closed)
            .ExpectsNothing();
        Assert.True(peer.NowNs - start > 100_000_000_000, "R2 is at least 100 s.");
    }

    [Fact]
    [Trait("Conforms", "RFC 6298 section 5.3")]
    [Trait("Conforms", "RFC 7765 section 4")]
    [Trait("Behaviour", "139")]
    public void Established_NewAcknowledgment_StartsTheTimerAnew()
    {
        var peer = InFlight(6000);
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 1001);
        Assert.Equal(peer.Machine.Block.Rtt.RtoNs, peer.Machine.NextTimeoutNs - peer.NowNs);
        peer.Elapses(50).Sends(Ack, seq: 1, ack: 4001); // RFC 7765 section 4: little is left, and nothing follows.
        Assert.Equal(peer.Machine.Block.Rtt.RtoNs - 150_000_000, peer.Machine.NextTimeoutNs - peer.NowNs);
        peer.Sends(Ack, seq: 1, ack: 6001);
        Assert.Null(peer.Machine.NextTimeoutNs); // RFC 6298 section 5.2.
    }

    [Fact]
    [Trait("Conforms", "RFC 6298 section 3")]
    [Trait("Behaviour", "139")]
    public void Retransmitted_Acknowledged_MeasuresNothingAndKeepsTheBackOff()
    {
        var peer = InFlight(500);
        var before = peer.Machine.Block.Rtt.SmoothedNs;
        peer.ElapsesToTimeout().Expects(PshAck, length: 500).ElapsesToTimeout().Expects(PshAck, seq: 1, length: 500);
        var backedOff = peer.Machine.Block.Rtt.RtoNs;
        peer.Elapses(1).Sends(Ack, seq: 1, ack: 501);
        Assert.Equal((before, backedOff), (peer.Machine.Block.Rtt.SmoothedNs, peer.Machine.Block.Rtt.RtoNs));
        peer.Writes(500).Expects(PshAck, length: 500).Elapses(1).Sends(Ack, seq: 1, ack: 1001);
        Assert.True(peer.Machine.Block.Rtt.RtoNs < backedOff / 2, "A new measurement ends the back-off.");
    }

    [Fact]
    [Trait("Conforms", "RFC 5681 section 3.1")]
    public void AfterTimeout_Acknowledgments_SendTheRestAgainInSlowStart()
    {
        var peer = InFlight(6000);
        peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1000).ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 1001).Expects(Ack, seq: 1001, length: 1000).Expects(Ack, seq: 2001, length: 1000)
            .ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 6001).ExpectsNothing();
        Assert.Null(peer.Machine.NextTimeoutNs);
    }

    [Theory]
    [Trait("Conforms", "RFC 5681 section 3.2")]
    [Trait("Behaviour", "141")]
    [Trait("Behaviour", "132")]
    [InlineData(1000)]
    [InlineData(uint.MaxValue - 500)]
    public void Established_ThirdDuplicate_SendsTheHoleAgainAtOnce(uint local)
    {
        var peer = InFlight(5000, local);
        peer.Sends(Ack, seq: 1, ack: 1).Sends(Ack, seq: 1, ack: 1).ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 1).Expects(Ack, seq: 1, length: 1000).ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 5001).ExpectsNothing();
        Assert.Equal(2500, peer.Machine.Block.Congestion.ThresholdBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 6298 section 3")]
    [Trait("Behaviour", "139")]
    public void FastRecovery_HoleFilled_MeasuresNothing()
    {
        var peer = InFlight(5000);
        var before = peer.Machine.Block.Rtt.SmoothedNs;
        peer.Elapses(150).Sends(Ack, seq: 1, ack: 1).Sends(Ack, seq: 1, ack: 1).Sends(Ack, seq: 1, ack: 1)
            .Expects(Ack, seq: 1, length: 1000).Elapses(100).Sends(Ack, seq: 1, ack: 5001);
        Assert.Equal(before, peer.Machine.Block.Rtt.SmoothedNs);
    }

    [Fact]
    [Trait("Conforms", "RFC 3042 section 2")]
    [Trait("Behaviour", "156")]
    public void Established_FirstTwoDuplicates_LetOneNewSegmentOutEach()
    {
        var peer = InFlight(12_000, written: 20_000);
        var sent = peer.Machine.Block.Space.InFlight;
        Assert.Equal(10_000, sent);
        peer.Sends(Ack, seq: 1, ack: 1).Expects(Ack, seq: 10_001, length: 1000).ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 1).Expects(Ack, seq: 11_001, length: 1000).ExpectsNothing();
    }

    [Fact]
    [Trait("Conforms", "RFC 5681 section 2")]
    [Trait("Behaviour", "141")]
    public void Established_AcksThatAreNoDuplicates_RetransmitNothing()
    {
        var peer = InFlight(5000);
        for (var count = 0; count < 5; count++)
        {
            peer.Sends(Ack, seq: 1 + (100 * count), ack: 1, length: 100); // Data.
            peer.Window += 10;
            peer.Sends(Ack, seq: 101 + (100 * count), ack: 1); // A window update.
        }

        Assert.DoesNotContain(peer.Poll(), sent => sent.Length > 0);
    }

    [Fact]
    [Trait("Conforms", "RFC 6582 section 3.2")]
    [Trait("Behaviour", "142")]
    public void FastRecovery_PartialAcknowledgment_SendsTheNextHoleAndTheFullOneEndsIt()
    {
        var peer = InFlight(10_000);
        for (var count = 0; count < 3; count++)
            peer.Sends(Ack, seq: 1, ack: 1);
        peer.Expects(Ack, seq: 1, length: 1000).ExpectsNothing();
        peer.Sends(Ack, seq: 1, ack: 3001).Expects(Ack, seq: 3001, length: 1000).ExpectsNothing();
        peer.Sends(Ack, seq: 1, ack: 7001).Expects(Ack, seq: 7001, length: 1000).ExpectsNothing();
        Assert.Equal(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
        peer.Sends(Ack, seq: 1, ack: 10_001).ExpectsNothing();
        Assert.NotEqual(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, 1000, 5000); // It deflates.
    }

    [Fact]
    [Trait("Conforms", "RFC 6582 section 3.2")]
    [Trait("Behaviour", "142")]
    public void AfterTimeout_DuplicatesOfWhatWasSentAgain_StartNoFastRecovery()
    {
        var peer = InFlight(5000);
        peer.ElapsesToTimeout().Expects(Ack, seq: 1, length: 1000);
        for (var count = 0; count < 5; count++)
            peer.Sends(Ack, seq: 1, ack: 1);
        Assert.NotEqual(RecoveryPhase.Fast, peer.Machine.Block.Recovery.Phase);
    }

    [Fact]
    [Trait("Conforms", "RFC 5681 section 3.2")]
    [Trait("Hostile", "10")]
    public void FastRecovery_EndlessDuplicates_DoNotInflateTheWindowWithoutEnd()
    {
        var peer = InFlight(10_000, written: 200_000);
        for (var count = 0; count < 1000; count++)
        {
            peer.Sends(Ack, seq: 1, ack: 1);
            peer.Poll();
        }

        Assert.InRange(peer.Machine.Block.Space.InFlight, 10_000, 20_000);
    }

    [Fact]
    [Trait("Conforms", "RFC 6928 section 2")]
    [Trait("Behaviour", "153")]
    public void Established_LongWrite_StartsWithTenSegments()
    {
        var peer = In(TcpState.Established).Writes(30_000);
        Assert.Equal(10_000, peer.Poll().Sum(sent => sent.Length));
    }

    [Theory]
    [Trait("Conforms", "RFC 3465 section 2.2")]
    [Trait("Behaviour", "152")]
    [InlineData(1, 1000, 1000)] // An acknowledgment for each segment.
    [InlineData(1, 2000, 2000)] // A stretched one.
    [InlineData(1, 10_000, 8000)] // No more than the limit.
    [InlineData(10, 1000, 1000)] // A segment acknowledged in ten parts opens no more than one in one.
    [Trait("Hostile", "10")]
    public void SlowStart_Acknowledgments_OpenTheWindowByBytes(int parts, int bytes, int growth)
    {
        var peer = In(TcpState.Established).Writes(60_000);
        peer.Poll();
        for (var part = 1; part <= parts; part++)
        {
            peer.Sends(Ack, seq: 1, ack: 1 + (bytes * part / parts));
        }

        Assert.Equal(10_000 + growth, peer.Machine.Block.Congestion.WindowBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 7661 section 4.3")]
    [Trait("Behaviour", "152")]
    public void SlowStart_ApplicationLimited_DoesNotOpenTheWindow()
    {
        var peer = In(TcpState.Established);
        for (var seq = 1; seq < 20_000; seq += 1000)
            peer.Writes(1000).Expects(PshAck, seq: seq, length: 1000).ExpectsNothing()
                .Sends(Ack, seq: 1, ack: seq + 1000);
        Assert.Equal(10_000, peer.Machine.Block.Congestion.WindowBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 5681 section 3.1")]
    public void CongestionAvoidance_AWindowAcknowledged_OpensItByASegment()
    {
        var control = NewReno.Create();
        control.SetSegmentSize(1000);
        control.Start(isSynLost: false);
        control.OnCongestion(20_000, isMark: false, 0);
        control.OnRecovered(10_000, 0);
        Assert.Equal(10_000, control.WindowBytes);
        for (var count = 0; count < 9; count++)
            control.OnAcknowledged(new() { Bytes = 1000, IsLimited = true });
        Assert.Equal(10_000, control.WindowBytes);
        control.OnAcknowledged(new() { Bytes = 1000, IsLimited = true });
        Assert.Equal(11_000, control.WindowBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 5681 section 4.1")]
    [Trait("Behaviour", "153")]
    public void Idle_LongerThanTheTimeout_RestartsFromTheInitialWindow()
    {
        var peer = In(TcpState.Established).Writes(50_000);
        for (var acknowledged = 0; acknowledged < 50_000;)
        {
            var sent = peer.Poll();
            acknowledged += sent.Sum(piece => piece.Length);
            peer.Elapses(10).Sends(Ack, seq: 1, ack: 1 + acknowledged);
        }

        Assert.True(peer.Machine.Block.Congestion.WindowBytes > 15_000, "The window has opened.");
        peer.Elapses(10_000).Writes(30_000);
        Assert.Equal(10_000, peer.Poll().Sum(sent => sent.Length));
    }

    [Fact]
    [Trait("Conforms", "RFC 6298 section 2")]
    [Trait("Behaviour", "139")]
    public void Estimator_Measurements_FollowTheFormulae()
    {
        var rtt = new RttEstimator();
        Assert.Equal(1_000_000_000, rtt.RtoNs);
        Measure(100);
        Assert.Equal((100_000_000, 50_000_000, 300_000_000), (rtt.SmoothedNs!.Value, rtt.VariationNs, rtt.RtoNs));
        Measure(180); // RTTVAR = 3/4 * 50 + 1/4 * 80, SRTT = 7/8 * 100 + 1/8 * 180.
        Assert.Equal((110_000_000, 57_500_000, 340_000_000), (rtt.SmoothedNs!.Value, rtt.VariationNs, rtt.RtoNs));
        for (var count = 0; count < 100; count++)
            Measure(10);
        Assert.InRange(rtt.RtoNs, 210_000_000, 211_000_000); // The floor.
        Measure(1_000_000);
        Assert.Equal(60_000_000_000, rtt.RtoNs); // The cap.

        void Measure(int milliseconds)
        {
            rtt.Measure(milliseconds * 1_000_000L, 0);
        }
    }

    [Theory]
    [Trait("Behaviour", "139")]
    [InlineData(-50)]
    [InlineData(50)]
    [Trait("Hostile", "38")]
    public void Clock_LeapsByDays_LeavesASaneConnection(int days)
    {
        var peer = InFlight(3000);
        peer.NowNs += days * 86_400_000_000_000L;
        peer.Machine.HandleTimeout(peer.NowNs);
        peer.Poll();
        peer.Sends(Ack, seq: 1, ack: 3001).ExpectsState(TcpState.Established).Writes(10);
        Assert.NotEmpty(peer.Poll());
        Assert.InRange(peer.Machine.Block.Rtt.RtoNs, 200_000_000, 60_000_000_000);
    }

    /// <summary>Bytes in flight after a round trip of 100 ms was measured on the handshake.</summary>
    private static TcpPeer InFlight(int bytes, uint local = 1000, int written = 0)
    {
        var peer = new TcpPeer(localInitial: local).Opens().Expects(Syn).Elapses(100)
            .Sends(SynAck, seq: 0, ack: 1, options: new() { MaximumSegmentSize = Mss }).Expects(Ack)
            .Writes(Math.Max(bytes, written));
        var sent = peer.Poll().Sum(piece => piece.Length);
        Assert.Equal(Math.Min(bytes, 10_000), sent);
        peer.ExpectsEvents(TcpEvents.Established);
        return peer;
    }
}
