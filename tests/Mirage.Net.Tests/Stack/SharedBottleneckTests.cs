using Mirage.Bench;

namespace Mirage.Net.Tests;

/// <summary>Two flows over one bottleneck, the second five seconds after the first: neither starves.</summary>
public sealed class SharedBottleneckTests
{
    private const double ShareMin = 0.25;
    private static readonly LossCell s_cell = new(0, RttMs: 40, Megabits: 10, Queue: 1);

    [Theory]
    [InlineData(LossSender.Bbr, LossSender.Bbr)]
    [InlineData(LossSender.Bbr, LossSender.Cubic)]
    [InlineData(LossSender.Cubic, LossSender.Bbr)]
    [InlineData(LossSender.Cubic, LossSender.Cubic)]
    [Trait("Conforms", "draft-ietf-ccwg-bbr section 5.3.3")]
    public void TwoFlows_EachHasItsShare(LossSender first, LossSender second)
    {
        var world = PairWorld.Of(first, second, s_cell, seed: 1, later: TimeSpan.FromSeconds(5));
        world.Megabits(TimeSpan.FromSeconds(20));
        var (one, other) = world.Megabits(TimeSpan.FromSeconds(20));
        Assert.InRange(one + other, 9, 9.6);
        Assert.InRange(one / (one + other), ShareMin, 1 - ShareMin);
    }
}
