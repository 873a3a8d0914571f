using System.Reflection;

namespace Mirage.Testing.Tests;

/// <summary>A device whose description makes no sense fails every law for that, before anything is reckoned with
/// it.</summary>
public class BlockInfoTests
{
    private const string Sizes = "a power of two from 512 to 1048576 bytes a sector";

    [Fact]
    public void SectorSizeThatIsNone_IsSaidByEveryLaw()
    {
        Every<Laws<None>>(Sizes, "0");
        Every<Laws<Negative>>(Sizes, "-512");
        Every<Laws<Small>>(Sizes, "256");
        Every<Laws<Odd>>(Sizes, "520");
    }

    [Fact]
    public void SectorSizeThatNoMemoryHolds_IsSaidByEveryLaw()
    {
        Every<Laws<Huge>>(Sizes, "268435456");
        Every<Laws<Largest>>(Sizes, "2147483647");
    }

    [Fact]
    public void SectorCountThatIsNone_IsSaidByEveryLaw()
    {
        Every<Laws<NegativeCount>>("0 sectors or more", "-5");
        Every<Laws<HugeCount>>("at most 18014398509481983 sectors", "9223372036854775807");
    }

    // B13 asks a disconnected device, which has no description.
    private static void Every<TSuite>(string expected, string seen) where TSuite : new()
    {
        var laws = typeof(TSuite).GetMethods().Where(static method =>
            method.Name.StartsWith('B') && !method.Name.StartsWith("B13_", StringComparison.Ordinal) &&
            method.IsDefined(typeof(FactAttribute), inherit: true)).ToList();
        Assert.NotEmpty(laws);
        foreach (var law in laws)
        {
            var failure = Caught.By(law.Name.Split('_')[0], () => law.Invoke(
                new TSuite(), BindingFlags.DoNotWrapExceptions, null, null, null));
            Assert.Equal((expected, seen), (failure.Expected, failure.Seen));
        }
    }

    private sealed class Laws<T> : BlockLaws<PlantedBlock<T>> where T : SoundBlock, new();

    private class Sized(int size, long count = 64) : SoundBlock
    {
        public override BlockInfo Info => new(size, count);
    }

    private sealed class None() : Sized(0);

    private sealed class Negative() : Sized(-512);

    private sealed class Small() : Sized(256);

    private sealed class Odd() : Sized(520);

    private sealed class Huge() : Sized(1 << 28);

    private sealed class Largest() : Sized(int.MaxValue);

    private sealed class NegativeCount() : Sized(512, -5);

    private sealed class HugeCount() : Sized(512, long.MaxValue);
}
