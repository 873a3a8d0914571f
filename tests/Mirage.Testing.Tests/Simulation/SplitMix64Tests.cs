using System.Buffers.Binary;

namespace Mirage.Testing.Tests;

public sealed class SplitMix64Tests
{
    // What the public reference implementation in C, prng.di.unimi.it/splitmix64.c, prints for seed 1234567.
    private static readonly ulong[] s_reference =
    [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
    ];

    [Fact]
    public void ReferenceSeed_Next_GivesTheReferenceStream()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(s_reference, Enumerable.Range(0, s_reference.Length).Select(_ => random.Next()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(39)]
    [InlineData(40)]
    public void ReferenceSeed_FillOfAnyLength_IsTheStreamInLittleEndian(int length)
    {
        var expected = new byte[s_reference.Length * sizeof(ulong)];
        for (var word = 0; word < s_reference.Length; word++)
            BinaryPrimitives.WriteUInt64LittleEndian(expected.AsSpan(word * sizeof(ulong)), s_reference[word]);
        var (filled, guard) = (new byte[length + 1], (byte)0xA5);
        filled[length] = guard;
        new SplitMix64(1234567).Fill(filled.AsSpan(0, length));
        Assert.Equal(expected[..length], filled[..length]);
        Assert.Equal(guard, filled[length]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void AnyBound_Next_StaysBelowIt(int bound)
    {
        var random = new SplitMix64(1);
        for (var count = 0; count < 10_000; count++)
            Assert.InRange(random.Next(bound), 0, bound - 1);
    }

    [Fact]
    public void SmallBound_Next_GivesEachNumberAboutAsOften()
    {
        var random = new SplitMix64(1);
        var counts = new int[6];
        for (var count = 0; count < 60_000; count++)
            counts[random.Next(6)]++;
        // The seed is fixed, so that this is no gamble: each is within five standard deviations, 91 each, of 10,000.
        Assert.All(counts, static count => Assert.InRange(count, 9_545, 10_455));
    }

    [Fact]
    public void OtherSeeds_Next_GiveOtherStreams() =>
        Assert.Distinct(Enumerable.Range(0, 1000).Select(static seed => new SplitMix64((ulong)seed).Next()));
}
