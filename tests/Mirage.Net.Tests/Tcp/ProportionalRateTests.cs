using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 6937 section 3")]
[Trait("Behaviour", "151")]
public sealed class ProportionalRateTests
{
    [Fact]
    public void OneLossInALongWindow_WhatIsInFlightComesDownToTheThresholdOverARoundTrip()
    {
        var rate = new ProportionalRate();
        const int Segment = 1000, Window = 40_000, Threshold = 20_000;
        rate.Start(Window, Threshold);
        var (pipe, sent) = (Window - (4 * Segment), 0);
        for (var arrived = 3; arrived < 40; arrived++)
        {
            rate.OnAcknowledged(Segment, pipe, isSafe: false, Segment);
            for (; rate.WindowBytes - pipe >= Segment; sent += Segment)
            {
                rate.OnSent(Segment);
                pipe += Segment;
            }

            pipe -= Segment;
        }

        Assert.InRange(pipe, Threshold - (2 * Segment), Threshold);
        Assert.InRange(sent, Threshold - (3 * Segment), Threshold); // Half of what arrived.
    }

    [Fact]
    public void BurstLost_PipeBelowTheThreshold_NoMoreIsSentThanArrives()
    {
        var rate = new ProportionalRate();
        rate.Start(40_000, 20_000);
        rate.OnAcknowledged(1000, pipe: 5000, isSafe: false, 1000);
        Assert.Equal(6000, rate.WindowBytes);
        rate.OnSent(1000);
        rate.OnAcknowledged(1000, pipe: 5000, isSafe: true, 1000); // A step forward lets one more out.
        Assert.Equal(7000, rate.WindowBytes);
    }

    [Fact]
    public void Recovery_Over_TheWindowIsTheThreshold()
    {
        var peer = Selective(10_000, written: 40_000).Elapses(100);
        for (var end = 2001; end <= 10_001; end += 1000)
        {
            peer.Sacks(1, (1001, end));
            peer.Poll();
        }

        // Two new segments had gone out for the first two that arrived beyond the hole.
        peer.Elapses(100).Sends(Ack, seq: 1, ack: 12_001);
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
        Assert.Equal(6000, peer.Machine.Block.Congestion.WindowBytes);
        // Half of the twelve, less what is to be sent.
        Assert.InRange(peer.Machine.Block.Recovery.InFlight, 3000, 6000);
    }
}
