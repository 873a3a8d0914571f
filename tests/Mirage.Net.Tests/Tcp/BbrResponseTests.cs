namespace Mirage.Net.Tests;

public sealed class BbrResponseTests
{
    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.4")]
    public void PathBecomesLonger_ProbeRttTakesTheWindowToHalf_AndComesBack()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwCruise);
        var before = path.Control.Path.MinimumRtt.ValueNs;
        path.RttNs += 10_000_000; // Now nothing is as short as what was measured.
        var since = path.NowNs;
        path.RunTo(BbrState.ProbeRtt);
        Assert.InRange(path.NowNs - since, 3.5e9, 5.3e9);
        Assert.True(path.Control.IsHoldingBack, "Samples tell nothing now.");
        var (entered, product) = (path.NowNs, path.Control.Path.Product);
        path.RunFor(150);
        Assert.Equal(product / 2, path.Control.WindowBytes);
        Assert.InRange(path.InFlight, 0, product / 2);
        path.RunTo(BbrState.ProbeBwCruise);
        Assert.InRange(path.NowNs - entered, 200e6, 500e6);
        Assert.True(path.Control.WindowBytes > 1.9 * product, "The window is what it was.");
        Assert.Equal(before, path.Control.Path.MinimumRtt.ValueNs); // Ten seconds are not over.
        path.RunFor(6000);
        Assert.InRange(path.Control.Path.MinimumRtt.ValueNs, 110_000_000, 112_000_000);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.4")]
    public void Idle_TheRateIsTakenUpAgain_AndNoRoundTripIsLookedFor()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwUp);
        var window = path.Control.WindowBytes;
        path.Pause(20_000);
        Assert.Equal((long)(path.Control.Path.Bandwidth * 0.99), path.Control.PacingBytesPerSecond);
        Assert.InRange(path.Control.WindowBytes, window, long.MaxValue);
        path.RttNs += 1_000_000;
        path.RunFor(4000);
        Assert.DoesNotContain(BbrState.ProbeRtt, path.States);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.10")]
    public void OneInAHundredLost_TheBandwidthIsKnown_AndWhatIsLostIsTakenOff()
    {
        var path = new BbrDriver { Loses = static number => number % 100 == 7 }.RunTo(BbrState.ProbeBwRefill);
        Assert.InRange(path.Control.Path.MaximumBandwidth.BytesPerSecond, 950_000, 1_020_000);
        path.RunTo(BbrState.ProbeBwDown).RunFor(1000);
        Assert.InRange(path.Control.Path.Bounds.BandwidthShortTerm, 700_000, 1_000_000);
        path.RunTo(BbrState.ProbeBwRefill);
        Assert.Equal(BbrBounds.None, path.Control.Path.Bounds.BandwidthShortTerm); // Found out anew.
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.10")]
    public void Cruise_HalfIsLost_SevenTenthsAreKeptARoundTrip()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwCruise).RunFor(300);
        path.Loses = static number => number % 2 == 0;
        path.RunFor(150); // The round in which it begins still delivers.
        var bandwidth = path.Control.Path.Bandwidth;
        path.RunFor(110);
        Assert.InRange(path.Control.Path.Bandwidth, 0.69 * bandwidth, bandwidth);
        Assert.True(path.Control.WindowBytes < 2 * path.Product, "Less may be in flight.");
    }

    [Fact]
    public void Cruise_Marked_IsTakenAsALoss()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwCruise).RunFor(300);
        path.Control.OnCongestion(path.Control.WindowBytes, isMark: true, (long)path.NowNs);
        path.Control.OnRecovered(path.InFlight, (long)path.NowNs);
        path.RunFor(250);
        Assert.InRange(path.Control.Path.Bounds.BandwidthShortTerm, 0.7e6, 1.02e6);
        Assert.InRange(path.Control.Path.Bounds.InFlightShortTerm, 0.7 * path.Product, 2.1 * path.Product);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.11")]
    [Trait("Behaviour", "157")]
    public void Startup_EndedByLossesThatWereNone_GoesOn()
    {
        var path = new BbrDriver { Loses = static number => number % 20 == 7 }.RunTo(BbrState.Drain);
        path.Control.Undo();
        Assert.Equal(BbrState.Startup, path.Control.State);
        Assert.Equal(BbrBounds.None, path.Control.Path.Bounds.InFlightLongTerm);
        path.Loses = static _ => false;
        path.RunTo(BbrState.ProbeBwCruise);
        Assert.InRange(path.Control.Path.MaximumBandwidth.BytesPerSecond, 980_000, 1_020_000);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.11")]
    [Trait("Behaviour", "157")]
    public void ProbeUp_EndedByLossesThatWereNone_FillsThePathAgain()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwUp);
        path.Loses = static number => number % 10 == 0;
        path.RunTo(BbrState.ProbeBwDown);
        Assert.NotEqual(BbrBounds.None, path.Control.Path.Bounds.InFlightLongTerm);
        path.Control.Undo();
        Assert.Equal(BbrState.ProbeBwRefill, path.Control.State);
        Assert.Equal(BbrBounds.None, path.Control.Path.Bounds.InFlightLongTerm);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.6.4.4")]
    public void Timeout_OneSegment_ThenFour_ThenWhatItWas()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwCruise);
        var control = path.Control;
        var window = control.WindowBytes;
        control.OnTimeout(path.InFlight, isFirst: true, (long)path.NowNs);
        Assert.Equal(BbrDriver.Segment, control.WindowBytes);
        control.OnAcknowledged(Repair(path) with { IsRecovering = true, IsRepair = true });
        Assert.Equal(4 * BbrDriver.Segment, control.WindowBytes);
        control.OnAcknowledged(Repair(path));
        Assert.InRange(control.WindowBytes, 0.95 * window, window + BbrDriver.Segment);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.6.4.3")]
    public void PathOfLessThanASegment_HasFourInFlight()
    {
        var path = new BbrDriver { Bandwidth = 10_000, RttNs = 10_000_000 }.RunFor(20_000);
        Assert.True(path.Control.Path.FullPipe.WasReached, "It is full with the first flight.");
        Assert.InRange(path.Control.WindowBytes, 4 * BbrDriver.Segment, 12 * BbrDriver.Segment);
    }

    // It confirms what was sent long ago and tells nothing else.
    private static TcpAckSample Repair(BbrDriver path) => new()
    {
        Bytes = BbrDriver.Segment,
        DeliveredBytes = BbrDriver.Segment,
        IsSelective = true,
        NowNs = (long)path.NowNs,
        SmoothedRttNs = path.RttNs,
        Delivered = 1_000_000,
        PriorDelivered = 0,
    };
}
