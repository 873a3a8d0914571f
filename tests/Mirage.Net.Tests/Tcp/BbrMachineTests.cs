using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>BBR in a connection: what the machine tells it, and what it lets the machine send.</summary>
public sealed class BbrMachineTests
{
    private static TcpParameters Parameters => Defaults with { Congestion = Bbr.Create };

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.6.4.4")]
    public void OneLost_WindowStaysOpen_AndWhatArrivesIsReplaced()
    {
        var peer = Selective(10_000, written: 40_000, parameters: Parameters).Elapses(100);
        var window = peer.Machine.Block.Congestion.WindowBytes;
        var sent = 0;
        for (var end = 2001; end <= 10_001; end += 1000)
        {
            peer.Sacks(1, (1001, end));
            sent += peer.Poll().Sum(static piece => piece.Length);
        }

        ref var recovery = ref peer.Machine.Block.Recovery;
        Assert.Equal(RecoveryPhase.Fast, recovery.Phase);
        Assert.Equal(1, recovery.Retransmits);
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, window + 8000, window + 9000); // It is in Startup.
        Assert.Equal(recovery.WindowBytes, peer.Machine.Block.Congestion.WindowBytes);
        // Nine for nine that arrived, one for the lost one, and as many by which the window grew.
        Assert.InRange(sent, 18_000, 19_000);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.10")]
    public void OneLost_IsToldOnce_WithWhatWasInFlight()
    {
        var told = new ToldControl();
        var parameters = Defaults with { Congestion = () => told };
        var peer = Selective(10_000, written: 40_000, parameters: parameters).Elapses(100);
        for (var end = 2001; end <= 10_001; end += 1000)
        {
            peer.Sacks(1, (1001, end));
            peer.Poll();
        }

        var loss = Assert.Single(told.Losses);
        Assert.Equal((1000, 1000, true), (loss.Bytes, loss.LostSince, loss.IsNewRange));
        Assert.Equal(1000, loss.SentInFlight); // It was the first to leave.
        Assert.Equal(9, told.Samples.Count); // One for each acknowledgment, although nothing moves on.
        Assert.All(told.Samples, static sample => Assert.Equal((0, 1000), (sample.Bytes, sample.DeliveredBytes)));
        Assert.Equal(10_000, told.Samples[^1].SentInFlight);
        Assert.Equal(1000, told.Samples[^1].LostSince);
        Assert.True(told.Samples[^1].IsRecovering, "The hole is there.");
    }
}
