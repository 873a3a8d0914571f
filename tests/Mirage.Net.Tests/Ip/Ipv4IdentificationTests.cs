using Mirage.Testing;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 6864")]
[Trait("Hostile", "14")]
public sealed class Ipv4IdentificationTests
{
    [Fact]
    public void APeriod_HasEveryNumberOnceInNoOrder()
    {
        var identification = Keyed(1);
        var numbers = Enumerable.Range(0, 65536).Select(_ => identification.Next()).ToArray();
        Assert.Equal(65536, numbers.Distinct().Count());
        Assert.True(identification.NeedsKey);
        var steps = numbers.Zip(numbers.Skip(1), (one, next) => (ushort)(next - one)).GroupBy(step => step).Max(
            group => group.Count());
        Assert.True(steps < 655, $"A step of the counter shows: one difference is there {steps} times.");
    }

    [Fact]
    public void AnotherKey_GivesOtherNumbers()
    {
        var (one, other) = (Keyed(1), Keyed(2));
        var same = Enumerable.Range(0, 1000).Count(_ => one.Next() == other.Next());
        Assert.True(same < 10);
    }

    private static Ipv4Identification Keyed(ulong seed)
    {
        var key = new byte[Ipv4Identification.KeySize];
        new SplitMix64(seed).Fill(key);
        var identification = new Ipv4Identification();
        Assert.True(identification.NeedsKey);
        identification.HandleKey(key);
        return identification;
    }
}
