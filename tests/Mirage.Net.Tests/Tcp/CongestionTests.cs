using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class CongestionTests
{
    private const int Segment = 1000;
    private const long RttNs = 100_000_000;

    [Fact]
    [Trait("Conforms", "RFC 9438 section 4.6")]
    [Trait("Behaviour", "154")]
    public void Cubic_Congestion_LeavesSevenTenths()
    {
        var control = Avoiding(100);
        Assert.Equal(70_000, control.WindowBytes);
        Assert.Equal(70_000, control.ThresholdBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 9438 section 4.2")]
    [Trait("Behaviour", "154")]
    public void Cubic_AfterCongestion_FollowsTheCurveBackToItsMaximumAndBeyond()
    {
        var control = Avoiding(1000);
        var rise = Math.Cbrt(1000 * 0.3 / 0.4); // K
        var seen = new List<double>();
        for (var round = 0; round < 200; round++)
        {
            Round(control, round * RttNs);
            seen.Add(control.WindowBytes / (double)Segment);
        }

        // The curve at the end of each round, one round trip ahead as the target is.
        for (var round = 20; round < 200; round++)
        {
            var time = ((round + 1) * 0.1) - rise;
            var curve = (0.4 * time * time * time) + 1000;
            Assert.InRange(seen[round], curve * 0.95, curve * 1.05);
        }

        Assert.True(seen.Zip(seen.Skip(1)).All(pair => pair.Item1 <= pair.Item2), "An acknowledgment never lowers it.");
    }

    [Fact]
    [Trait("Conforms", "RFC 9438 section 4.3")]
    [Trait("Behaviour", "154")]
    public void Cubic_ShortPath_IsAtLeastAsFastAsReno()
    {
        var control = Avoiding(10);
        var rounds = 0;
        for (; control.WindowBytes < 10_000; rounds++)
            Round(control, rounds * 1_000_000L, rttNs: 1_000_000);
        // Alpha is 0.53 of a segment a round trip: three segments take six rounds, where the curve alone takes seconds.
        Assert.InRange(rounds, 4, 8);
    }

    [Fact]
    [Trait("Conforms", "RFC 9438 section 4.7")]
    [Trait("Behaviour", "154")]
    public void Cubic_CongestionBelowTheLastMaximum_GivesRoomToOthers()
    {
        var control = Avoiding(1000);
        control.OnCongestion(700_000, isMark: false, 0);
        control.OnRecovered(0, 0);
        Assert.Equal(490_000, control.WindowBytes);
        for (var round = 0; round < 66; round++) // About K of the new maximum: the curve is flat at 595 and not at 700.
            Round(control, round * RttNs);
        Assert.InRange(control.WindowBytes, 590_000, 600_000);
    }

    [Fact]
    [Trait("Conforms", "RFC 9438 section 4.9")]
    [Trait("Behaviour", "157")]
    public void Cubic_Undone_IsWhatItWas()
    {
        var control = Avoiding(100);
        control.OnCongestion(70_000, isMark: false, 0);
        control.OnRecovered(0, 0);
        control.Undo();
        Assert.Equal(70_000, control.WindowBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 9438 section 5.8")]
    [Trait("Behaviour", "152")]
    public void Cubic_ApplicationLimited_DoesNotGrowAndDoesNotJumpAfterwards()
    {
        var control = Avoiding(100);
        Round(control, 0);
        var before = control.WindowBytes;
        for (var second = 1; second < 60; second++)
            control.OnAcknowledged(Sample(second * 1_000_000_000L, 1000) with { IsLimited = false });
        Assert.Equal(before, control.WindowBytes);
        Round(control, 60_000_000_000);
        Assert.InRange(control.WindowBytes, before, before + 15_000);
    }

    [Fact]
    [Trait("Conforms", "RFC 9406 section 4.2")]
    [Trait("Behaviour", "155")]
    public void HyStart_RoundTripsRise_EndsSlowStart()
    {
        var control = Started();
        Rounds(control, rounds: 20, rttNs: round => RttNs + (Math.Max(0, round - 4) * 20_000_000L));
        Assert.True(control.ThresholdBytes < int.MaxValue, "Slow start is over.");
        Assert.InRange(control.WindowBytes, 100_000, 4_000_000);
    }

    [Fact]
    [Trait("Conforms", "RFC 9406 section 4.2")]
    [Trait("Behaviour", "155")]
    public void HyStart_RoundTripsRiseForOneRoundOnly_GoesOn()
    {
        var control = Started();
        Rounds(control, rounds: 12, rttNs: round => RttNs + (round == 5 ? 30_000_000L : 0));
        Assert.Equal(int.MaxValue, control.ThresholdBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 9406 section 4.2")]
    [Trait("Behaviour", "155")]
    public void HyStart_NoiseWithinTheThreshold_GoesOn()
    {
        var control = Started();
        var random = new SplitMix64(1);
        Rounds(control, rounds: 14, rttNs: _ => RttNs + random.Next(10_000_000));
        Assert.Equal(int.MaxValue, control.ThresholdBytes);
    }

    private static CongestionControl Started()
    {
        var control = Cubic.Create();
        control.SetSegmentSize(Segment);
        control.Start(isSynLost: false);
        return control;
    }

    /// <summary>Congestion avoidance after a loss at a window of so many segments.</summary>
    private static CongestionControl Avoiding(int segments)
    {
        var control = Started();
        while (control.WindowBytes < segments * Segment)
        {
            var missing = (segments * Segment) - control.WindowBytes;
            control.OnAcknowledged(Sample(0, (int)Math.Min(Segment, missing)));
        }

        control.OnCongestion(segments * Segment, isMark: false, 0);
        control.OnRecovered(0, 0);
        return control;
    }

    // A window of acknowledgments over one round trip.
    private static void Round(CongestionControl control, long startNs, long rttNs = RttNs)
    {
        var count = (int)(control.WindowBytes / Segment);
        for (var index = 0; index < count; index++)
            control.OnAcknowledged(Sample(startNs + (rttNs * index / count), Segment) with { SmoothedRttNs = rttNs });
    }

    private static void Rounds(CongestionControl control, int rounds, Func<int, long> rttNs)
    {
        var (delivered, now) = (0L, 0L);
        for (var round = 0; round < rounds; round++)
        {
            var prior = delivered;
            var count = (int)Math.Min(control.WindowBytes / Segment, 5000);
            for (var index = 0; index < count; index++)
            {
                delivered += Segment;
                control.OnAcknowledged(Sample(now, Segment) with
                {
                    RttNs = rttNs(round),
                    Delivered = delivered,
                    PriorDelivered = prior,
                });
            }

            now += rttNs(round);
        }
    }

    private static TcpAckSample Sample(long nowNs, int bytes) =>
        new() { Bytes = bytes, IsLimited = true, NowNs = nowNs, SmoothedRttNs = RttNs };
}
