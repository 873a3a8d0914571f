using FsCheck.Xunit;

namespace Mirage.Testing.Tests;

public sealed class LatencyTests
{
    private const int Draws = 20_000;
    private static readonly TimeSpan s_ten = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_two = TimeSpan.FromMilliseconds(2);

    [Fact]
    public void Fixed_EveryDraw_IsIt() =>
        Assert.All(Draw(Latency.Fixed(s_ten)), static ns => Assert.Equal(10_000_000, ns));

    [Fact]
    public void Uniform_Draws_FillTheRange()
    {
        var draws = Draw(Latency.Uniform(s_two, s_ten));
        Assert.All(draws, static ns => Assert.InRange(ns, 2_000_000, 10_000_000));
        Assert.InRange(draws.Average(), 5_900_000, 6_100_000);
        Assert.InRange(draws.Min(), 2_000_000, 2_010_000);
        Assert.InRange(draws.Max(), 9_990_000, 10_000_000);
    }

    [Fact]
    public void Normal_Draws_HaveMeanAndDeviation()
    {
        var draws = Draw(Latency.Normal(s_ten, s_two));
        Assert.InRange(draws.Average(), 9_900_000, 10_100_000);
        Assert.InRange(Deviation(draws), 1_950_000, 2_050_000);
    }

    [Fact]
    public void Normal_NearZero_IsNeverNegative() =>
        Assert.All(Draw(Latency.Normal(s_two, s_ten)), static ns => Assert.True(ns >= 0));

    [Fact]
    public void Exponential_Draws_HaveLeastMeanAndDeviation()
    {
        var draws = Draw(Latency.Exponential(s_two, s_ten));
        Assert.True(draws.Min() >= 2_000_000);
        Assert.InRange(draws.Average(), 11_700_000, 12_300_000);
        Assert.InRange(Deviation(draws), 9_600_000, 10_400_000); // That of an exponential distribution is its mean.
    }

    // Integers only: these are the draws on every machine.
    [Fact]
    public void FirstDraws_OfASeed_AreTheseEverywhere()
    {
        Assert.Equal([6_532_493, 7_966_254, 9_768_022], First(Latency.Uniform(s_two, s_ten)));
    }

    [Property]
    public void Text_AndBack_IsTheSame(uint first, uint second, byte kind)
    {
        var (one, two) = (TimeSpan.FromTicks(first), TimeSpan.FromTicks(second));
        var latency = (kind % 4) switch
        {
            0 => Latency.Fixed(one),
            1 => Latency.Uniform(one, one + two),
            2 => Latency.Normal(one, two),
            _ => Latency.Exponential(one, two),
        };
        Assert.Equal(latency, Latency.Parse(latency.ToString()));
    }

    [Fact]
    public void LimitsTheWrongWayRound_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Latency.Uniform(s_ten, s_two));
        Assert.Throws<ArgumentOutOfRangeException>(() => Latency.Fixed(-s_ten));
    }

    private static long[] First(Latency latency)
    {
        var random = new SplitMix64(1);
        return [.. Enumerable.Range(0, 3).Select(_ => latency.DrawNs(random))];
    }

    private static long[] Draw(Latency latency)
    {
        var random = new SplitMix64(1);
        return [.. Enumerable.Range(0, Draws).Select(_ => latency.DrawNs(random))];
    }

    private static double Deviation(long[] draws)
    {
        var mean = draws.Average();
        return Math.Sqrt(draws.Average(draw => (draw - mean) * (draw - mean)));
    }
}
