namespace Mirage.Net.Tests;

public sealed class BbrFilterTests
{
    private const long SecondNs = 1_000_000_000;

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.5")]
    public void MaximumBandwidth_IsThatOfTwoCycles()
    {
        var filter = new BbrMaximumBandwidth();
        filter.Take(900, isAppLimited: false);
        filter.Take(500, isAppLimited: false);
        Assert.Equal(900, filter.BytesPerSecond);
        filter.Advance();
        filter.Take(600, isAppLimited: false);
        Assert.Equal(900, filter.BytesPerSecond);
        filter.Advance();
        Assert.Equal(600, filter.BytesPerSecond);
        filter.Advance(); // A cycle without a sample forgets nothing.
        Assert.Equal(600, filter.BytesPerSecond);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.4")]
    public void MaximumBandwidth_SampleOfTheApplication_CountsOnlyWhenItIsMore()
    {
        var filter = new BbrMaximumBandwidth();
        filter.Take(900, isAppLimited: false);
        filter.Advance();
        filter.Take(800, isAppLimited: true);
        filter.Advance();
        Assert.Equal(900, filter.BytesPerSecond); // It is as if there had been none.
        filter.Take(1000, isAppLimited: true);
        Assert.Equal(1000, filter.BytesPerSecond);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.7")]
    public void MinimumRtt_IsThatOfTenSeconds_AndLookedForAfterFive()
    {
        var filter = new BbrMinimumRtt();
        filter.Take(100, nowNs: 1000 * SecondNs);
        Assert.Equal((100, false), (filter.ValueNs, filter.IsProbeDue));
        filter.Take(150, nowNs: 1005 * SecondNs);
        Assert.Equal((100, false), (filter.ValueNs, filter.IsProbeDue));
        filter.Take(150, nowNs: (1005 * SecondNs) + 1);
        Assert.Equal((100, true), (filter.ValueNs, filter.IsProbeDue));
        filter.Take(140, nowNs: 1009 * SecondNs);
        Assert.Equal(100, filter.ValueNs);
        filter.Take(160, nowNs: (1010 * SecondNs) + 1);
        Assert.Equal(140, filter.ValueNs);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.7")]
    public void MinimumRtt_AsShortAsBefore_IsNotLookedFor()
    {
        var filter = new BbrMinimumRtt();
        for (var second = 0; second < 60; second++)
        {
            filter.Take(second % 4 == 0 ? 100 : 120, nowNs: second * SecondNs);
            Assert.False(filter.IsProbeDue, "The empty path was seen.");
        }
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.9")]
    public void Aggregation_AcknowledgmentsInBunches_AreWhatTheBandwidthDoesNotAccountFor()
    {
        var filter = new BbrAggregation();
        for (var bunch = 1; bunch <= 4; bunch++) // 10,000 bytes at once every 10 ms, of 1,000,000 a second.
        {
            for (var index = 0; index < 10; index++)
                filter.Take(Sample(bunch * 10_000_000L), 1_000_000, 50_000, bunch, isStartup: false);
        }

        Assert.Equal(10_000, filter.Bytes);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.5.9")]
    public void Aggregation_IsBoundByTheWindow_AndForgottenAfterTenRoundTrips()
    {
        var filter = new BbrAggregation();
        for (var index = 0; index < 100; index++)
            filter.Take(Sample(SecondNs), 1_000_000, 50_000, round: 1, isStartup: false);
        Assert.Equal(50_000, filter.Bytes);
        for (var round = 2; round <= 12; round++)
            filter.Take(Sample(round * SecondNs), 1_000_000, 50_000, round, isStartup: false);
        Assert.Equal(1000, filter.Bytes);
    }

    [Fact]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.1")]
    public void FullPipe_ThreeRoundTripsWithoutAQuarterMore()
    {
        var filter = new BbrFullPipe();
        filter.OnRound(1000, isAppLimited: false);
        filter.OnRound(1249, isAppLimited: false);
        filter.OnRound(1200, isAppLimited: false);
        filter.OnRound(1000, isAppLimited: true); // It is the application's, and does not count.
        Assert.False(filter.IsNow, "Twice is not enough.");
        filter.OnRound(1250, isAppLimited: false); // It grows after all.
        filter.OnRound(1500, isAppLimited: false);
        filter.OnRound(1500, isAppLimited: false);
        Assert.False(filter.WasReached, "Twice is not enough.");
        filter.OnRound(1500, isAppLimited: false);
        Assert.True(filter.IsNow && filter.WasReached, "Three times is.");
        filter.Reset();
        Assert.True(!filter.IsNow && filter.WasReached, "It was full once.");
    }

    private static TcpAckSample Sample(long nowNs) => new() { NowNs = nowNs, DeliveredBytes = 1000 };
}
