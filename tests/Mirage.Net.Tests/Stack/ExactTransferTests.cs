using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Both directions of a flow at once over a link that does what links do: every byte arrives, once and in its
/// place.</summary>
[Trait("Conforms", "RFC 9293 section 3.8")]
[Trait("Behaviour", "158")]
public sealed class ExactTransferTests
{
    private const int Bulk = 400_000;
    private const int Little = 60_000; // Where a third is lost each way.

    private static readonly LinkModel s_link = new()
    {
        Latency = Latency.Fixed(TimeSpan.FromMilliseconds(20)),
        BitsPerSecond = 20_000_000,
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(300)]
    public void Loss_OfAnyRate_DeliversExactly(int permille) =>
        new ExactWorld(7, s_link with { LossPermille = permille }, permille < 200 ? Bulk : Little).Run();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    public void Loss_OfAnyRate_WithBbr_DeliversExactly(int permille) =>
        ExactWorld.Of<Bbr>(7, s_link with { LossPermille = permille }, permille < 200 ? Bulk : Little).Run();

    [Fact]
    public void EverythingAtOnce_WithBbr_DeliversExactly() => ExactWorld.Of<Bbr>(7, s_link with
    {
        LossPermille = 20,
        DuplicatePermille = 20,
        ReorderPermille = 20,
        CorruptPermille = 20,
        QueueBytes = 20_000,
    }, Bulk).Run();

    [Fact]
    public void Bursts_OfLoss_DeliverExactly() =>
        new ExactWorld(7, s_link with { Bursts = new LossBursts(EnterPermille: 10, LeavePermille: 100) }, Bulk).Run();

    [Fact]
    public void EveryTenth_Twice_DeliversExactly() => Run(s_link with { DuplicatePermille = 100 }, "duplicated");

    [Fact]
    public void EveryTenth_Overtaken_DeliversExactly() => Run(s_link with { ReorderPermille = 100 }, "reordered");

    [Fact]
    public void EveryTwentieth_Damaged_DeliversExactly() => Run(s_link with { CorruptPermille = 50 }, "corrupted");

    [Fact]
    public void ShortQueue_Overflowing_DeliversExactly() => Run(s_link with { QueueBytes = 10_000 }, "overflow");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void EverythingAtOnce_WithAnOutageOfASecond_DeliversExactly(ulong seed)
    {
        var world = new ExactWorld(seed, s_link with
        {
            LossPermille = 20,
            DuplicatePermille = 20,
            ReorderPermille = 20,
            CorruptPermille = 20,
        }, Bulk);
        world.Outage(after: TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1));
        Assert.True(world.World.Faults["cut"] > 0, "Something was on its way.");
        world.Run();
    }

    private static void Run(LinkModel model, string fault)
    {
        var world = new ExactWorld(7, model, Bulk);
        world.Run();
        Assert.True(world.World.Faults[fault] > 0, $"Frames were {fault}.");
    }
}
