namespace Mirage.Testing.Tests;

public class RandomTests
{
    [Fact]
    public void SourceThatRepeatsItself_IsCaught()
    {
        var sound = new Laws<Sound>();
        sound.R4_NoBlockRepeats();
        sound.R4_DrawsDiffer();
        Caught.By("R4", new Laws<Repeats>().R4_NoBlockRepeats);
        Assert.Equal(2, Caught.By("R4", new Laws<StartsAnew>().R4_DrawsDiffer).Operations.Count);
    }

    [Fact]
    public void SourceThatLeavesTheEndUnfilled_IsCaughtAndShrunk()
    {
        new Laws<Sound>().R1_FillsExactlyTheDestination();
        var failure = Caught.By("R1", new Laws<FillsWholeWords>().R1_FillsExactlyTheDestination);
        Assert.Equal("Fill 1 bytes", failure.Operations[0]);
        Assert.Equal("byte 0 is never written", failure.Seen);
    }

    [Fact]
    public void SourceThatCounts_IsCaught()
    {
        new Laws<Sound>().R3_BytesAreEquallyFrequent();
        Caught.By("R3", new Laws<Counts>().R3_BytesAreEquallyFrequent);
    }

    [Fact]
    public void SourceThatIsTheSameInEveryWorld_IsCaught()
    {
        new Laws<Sound>().R4_WorldsDiffer();
        Caught.By("R4", new Laws<StartsAnew>().R4_WorldsDiffer);
    }

    private sealed class Laws<TSource> : RandomLaws<PlantedRandom<TSource>> where TSource : ISource;

    private sealed class Sound : ISource
    {
        public static void Fill(SplitMix64 random, Span<byte> destination) => random.Fill(destination);
    }

    private sealed class Repeats : ISource
    {
        public static void Fill(SplitMix64 random, Span<byte> destination)
        {
            random.Fill(destination);
            if (destination.Length > 65536)
                destination[..32768].CopyTo(destination[^32768..]);
        }
    }

    private sealed class StartsAnew : ISource
    {
        public static void Fill(SplitMix64 random, Span<byte> destination) => new SplitMix64(1).Fill(destination);
    }

    private sealed class FillsWholeWords : ISource
    {
        public static void Fill(SplitMix64 random, Span<byte> destination) =>
            random.Fill(destination[..(destination.Length / 8 * 8)]);
    }

    private sealed class Counts : ISource
    {
        public static void Fill(SplitMix64 random, Span<byte> destination)
        {
            for (var index = 0; index < destination.Length; index++)
                destination[index] = (byte)index;
        }
    }
}
