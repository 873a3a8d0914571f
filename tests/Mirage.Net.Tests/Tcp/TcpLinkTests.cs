using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Two machines back to back: exact bytes both ways, whatever the link does.</summary>
[Trait("Conforms", "RFC 9293 section 3.8")]
[Trait("Behaviour", "158")]
[Trait("Behaviour", "132")]
public sealed class TcpLinkTests
{
    private const string LengthVariable = "MIRAGE_TCP_LINKS"; // Seeds in a long run.

    public static TheoryData<ulong> Seeds(int usual)
    {
        var count = RunLength.Of(LengthVariable, usual);
        var data = new TheoryData<ulong>();
        for (var seed = 1UL; seed <= (ulong)count; seed++)
            data.Add(seed);
        return data;
    }

    [Theory]
    [MemberData(nameof(Seeds), 100)]
    public void AnyLink_BothEndsWrite_DeliversExactly(ulong seed)
    {
        var random = new SplitMix64(seed * 7919);
        var faults = new TcpLinkFaults
        {
            DelayNs = 100_000 + random.Next(60_000_000),
            LossPerMille = random.Next(5) * 60,
            RepeatPerMille = random.Next(3) * 80,
            ReorderPerMille = random.Next(3) * 150,
        };
        var link = new TcpLink(seed, faults, random.Next(120_000), random.Next(120_000), 64 + random.Next(1400),
            buffer: 500 + random.Next(4) * 40_000, limit: random.Next(2) * 20_000);
        link.Run(isSimultaneous: random.Next(4) == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    public void LossyLink_Bulk_IsDelivered(int lossPerMille) =>
        new TcpLink(4242, new() { LossPerMille = lossPerMille }, leftBytes: 500_000, rightBytes: 0).Run();

    [Fact]
    public void CleanLink_Bulk_IsBoundByTheRoundTripAndNotByTimers()
    {
        var link = new TcpLink(1, new(), leftBytes: 2_000_000, rightBytes: 0, buffer: 1 << 20);
        link.Run();
        Assert.InRange(link.Seconds, 0.1, 2.5);
    }

    [Fact]
    public void Outage_OfASecond_IsSurvived() =>
        new TcpLink(5, new() { Outage = (100_000_000, 1_100_000_000) }, leftBytes: 400_000, rightBytes: 400_000).Run();
}
