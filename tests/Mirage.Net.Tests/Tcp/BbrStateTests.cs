namespace Mirage.Net.Tests;

public sealed class BbrStateTests
{
    // ProbeBW begins with nothing to drain, and cruises at once.
    private static readonly BbrState[] s_begin = [BbrState.Startup, BbrState.Drain, BbrState.ProbeBwCruise];

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.1")]
    public void Startup_RateGrowsNoMore_DrainsAndCruisesAtTheBandwidth()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwCruise);
        Assert.Equal(s_begin, path.States);
        Assert.InRange(path.Control.Path.MaximumBandwidth.BytesPerSecond, 980_000, 1_020_000);
        Assert.InRange(path.NowNs, 0, 2e9);
        Assert.Equal(BbrBounds.None, path.Control.Path.Bounds.InFlightLongTerm);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.1")]
    public void Startup_ApplicationLimited_GoesOn()
    {
        var path = new BbrDriver { Application = 50_000 }.RunFor(20_000);
        Assert.Equal([BbrState.Startup], path.States);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.1")]
    public void Startup_ManyLossesInARoundTrip_EndsWithABound()
    {
        var path = new BbrDriver { Loses = static number => number % 20 == 7 }.RunTo(BbrState.Drain);
        Assert.InRange(path.Control.Path.Bounds.InFlightLongTerm, 10_000, 200_000);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.1")]
    public void Startup_FewLosses_GoesOnToThePlateau()
    {
        var path = new BbrDriver { Loses = static number => number % 100 == 7 }.RunTo(BbrState.ProbeBwCruise);
        Assert.Equal(s_begin, path.States);
        Assert.InRange(path.Control.Path.MaximumBandwidth.BytesPerSecond, 980_000, 1_020_000);
        Assert.Equal(BbrBounds.None, path.Control.Path.Bounds.InFlightLongTerm);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.2")]
    public void Drain_PacesAtHalf_UntilTheProductIsInFlight()
    {
        var path = new BbrDriver().RunTo(BbrState.Drain);
        Assert.InRange(path.InFlight, 1.5 * path.Product, 2.2 * path.Product); // A product waits at the bottleneck.
        Assert.Equal(Rate(path, 0.5), path.Control.PacingBytesPerSecond);
        path.RunTo(BbrState.ProbeBwCruise);
        Assert.InRange(path.InFlight, 0.9 * path.Product, 1.02 * path.Product);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.2")]
    public void Drain_NothingDrains_EndsAfterThreeRoundTrips()
    {
        var path = new BbrDriver().RunTo(BbrState.Drain);
        for (var round = 1; round <= 4; round++)
        {
            Assert.Equal(BbrState.Drain, path.Control.State);
            path.Control.OnAcknowledged(new()
            {
                DeliveredBytes = BbrDriver.Segment,
                IsSelective = true,
                NowNs = (long)path.NowNs + (round * path.RttNs),
                InFlight = 1_000_000,
                Delivered = round * 10_000_000L,
                PriorDelivered = (round * 10_000_000L) - 1,
            });
        }

        Assert.Equal(BbrState.ProbeBwDown, path.Control.State);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.3")]
    public void ProbeBandwidth_GoesRound_WithTheGainsOfItsStates()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwCruise);
        Assert.Equal(Rate(path, 1), path.Control.PacingBytesPerSecond);
        path.RunTo(BbrState.ProbeBwRefill);
        Assert.Equal(Rate(path, 1), path.Control.PacingBytesPerSecond);
        var refilled = path.NowNs;
        path.RunTo(BbrState.ProbeBwUp);
        Assert.InRange(path.NowNs - refilled, 90e6, 120e6); // A round trip.
        Assert.Equal(Rate(path, 1.25), path.Control.PacingBytesPerSecond);
        path.RunTo(BbrState.ProbeBwDown);
        Assert.InRange(path.InFlight, 1.2 * path.Product, 2.3 * path.Product);
        Assert.Equal(Rate(path, 0.9), path.Control.PacingBytesPerSecond);
        var down = path.NowNs;
        path.RunTo(BbrState.ProbeBwCruise).RunTo(BbrState.ProbeBwRefill);
        Assert.InRange(path.NowNs - down, 2e9, 3.1e9);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.3")]
    public void ShortPath_IsProbedAsOftenAsRenoWouldLose()
    {
        var path = new BbrDriver { RttNs = 20_000_000 }.RunTo(BbrState.ProbeBwCruise); // A product of 20 segments.
        path.RunTo(BbrState.ProbeBwUp).RunTo(BbrState.ProbeBwDown);
        var (down, round) = (path.NowNs, path.Control.Path.Round.Count);
        path.RunTo(BbrState.ProbeBwRefill);
        Assert.InRange(path.Control.Path.Round.Count - round, 18, 22);
        Assert.InRange(path.NowNs - down, 0, 1e9);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.3")]
    public void ProbeUp_ApplicationLimited_StaysAsItIs()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwRefill);
        path.Application = 50_000;
        path.RunTo(BbrState.ProbeBwUp).RunFor(4000);
        Assert.Equal(BbrState.ProbeBwUp, path.Control.State);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.10")]
    public void ProbeUp_QueueOverflows_EndsAndBoundsWhatIsInFlight()
    {
        var path = new BbrDriver { Queue = 30 }.RunTo(BbrState.ProbeBwUp).RunTo(BbrState.ProbeBwDown);
        var bound = path.Control.Path.Bounds.InFlightLongTerm;
        Assert.InRange(bound, 0.7 * path.Product, 1.45 * path.Product);
        path.RunTo(BbrState.ProbeBwCruise);
        Assert.InRange(path.Control.WindowBytes, 0, 0.86 * bound); // Room for others, section 5.6.4.7.
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.3")]
    public void Bandwidth_TenTimesAsMuch_IsFoundByOneProbe()
    {
        var path = new BbrDriver().RunTo(BbrState.ProbeBwRefill);
        path.Bandwidth *= 10;
        path.RunTo(BbrState.ProbeBwUp).RunTo(BbrState.ProbeBwDown);
        Assert.InRange(path.Control.Path.MaximumBandwidth.BytesPerSecond, 9_500_000, 10_300_000);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.6")]
    public void Bandwidth_ATenth_TheOldOneIsForgotten()
    {
        var path = new BbrDriver { Queue = 30 }.RunTo(BbrState.ProbeBwCruise);
        path.Bandwidth /= 10;
        path.RunFor(2000);
        Assert.InRange(path.Control.Path.Bandwidth, 80_000, 500_000); // Losses have shown that, for the time being.
        path.RunFor(20_000);
        Assert.InRange(path.Control.Path.MaximumBandwidth.BytesPerSecond, 95_000, 110_000);
    }

    private static long Rate(BbrDriver path, double gain) => (long)(gain * path.Control.Path.Bandwidth * 0.99);
}
