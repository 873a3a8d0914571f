using System.Numerics;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a source of random bytes obeys. Each law would fail a sound source less than once in a million
/// runs.</summary>
/// <typeparam name="TRandom">The source under test.</typeparam>
public abstract class RandomLaws<TRandom> : DeviceLaws<TRandom> where TRandom : struct, IRandom<TRandom>
{
    private const int Sample = 1024 * 1024;
    private const double Deviations = 6;

    /// <summary>Whether the bytes follow from the seed of the host: in simulation they do, on a real host they must
    /// not.</summary>
    protected virtual bool FollowsFromSeed => true;

    /// <summary>All of the destination is filled, and nothing beside it.</summary>
    [Fact]
    public void R1_FillsExactlyTheDestination() => Check(Lengths, (run, random, length) =>
    {
        const int Guard = 8, Draws = 6;
        const byte Mark = 0xA5;
        var buffer = new byte[length + (2 * Guard)];
        var changed = new bool[buffer.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            Array.Fill(buffer, Mark);
            Fill(run, random, buffer.AsMemory(Guard, length));
            for (var index = 0; index < buffer.Length; index++)
                changed[index] |= buffer[index] != Mark;
        }

        var isGuarded = !changed.AsSpan(0, Guard).Contains(true) && !changed.AsSpan(Guard + length).Contains(true);
        run.Expect(isGuarded, "nothing is written beside the destination", "bytes before or after it are changed");
        var untouched = changed.AsSpan(Guard, length).IndexOf(false);
        run.Expect(untouched < 0, "every byte is written", $"byte {untouched} is never written");
        return ValueTask.CompletedTask;
    });

    /// <summary>64 bytes are not all the same.</summary>
    [Fact]
    public void R2_BytesAreNotAllEqual() => Check((run, random) =>
    {
        var bytes = Draw(run, random, 64);
        run.Expect(bytes.AsSpan().ContainsAnyExcept(bytes[0]), "different bytes", LawText.Of(bytes));
        return ValueTask.CompletedTask;
    });

    /// <summary>Half of the bits are set.</summary>
    [Fact]
    public void R3_BitsAreBalanced() => Check((run, random) =>
    {
        var words = MemoryMarshal.Cast<byte, ulong>(Draw(run, random, Sample));
        var set = 0L;
        foreach (var word in words)
            set += BitOperations.PopCount(word);
        ExpectHalf(run, set, "bits are set");
        return ValueTask.CompletedTask;
    }, cases: 1);

    /// <summary>Half of the bits differ from the one before.</summary>
    [Fact]
    public void R3_BitsDoNotFollowTheOneBefore() => Check((run, random) =>
    {
        var changes = 0L;
        var last = 0;
        foreach (var value in Draw(run, random, Sample))
        {
            changes += BitOperations.PopCount((uint)(value ^ ((value << 1) | last)) & 0xFF);
            last = value >> 7;
        }

        ExpectHalf(run, changes, "bits differ from the one before");
        return ValueTask.CompletedTask;
    }, cases: 1);

    /// <summary>Every byte is as frequent as the others, but for chance: chi-square, with 255 degrees of
    /// freedom.</summary>
    [Fact]
    public void R3_BytesAreEquallyFrequent() => Check((run, random) =>
    {
        var counts = new int[256];
        foreach (var value in Draw(run, random, Sample))
            counts[value]++;
        const double Expected = Sample / 256.0;
        var square = counts.Sum(static count => (count - Expected) * (count - Expected) / Expected);
        run.Expect(square is > 140 and < 400, "a chi-square from 140 to 400", $"{square:F0}");
        return ValueTask.CompletedTask;
    }, cases: 1);

    /// <summary>No 16 bytes come twice.</summary>
    [Fact]
    public void R4_NoBlockRepeats() => Check((run, random) =>
    {
        var seen = new HashSet<UInt128>();
        foreach (var block in MemoryMarshal.Cast<byte, UInt128>(Draw(run, random, Sample)))
            run.Expect(seen.Add(block), "16 bytes that were not given before", $"{block:X32} again");
        return ValueTask.CompletedTask;
    }, cases: 1);

    /// <summary>Two draws are not the same.</summary>
    [Fact]
    public void R4_DrawsDiffer() => Check(Arb.From(Gen.Choose(16, 64)), (run, random, length) =>
    {
        var (first, second) = (Draw(run, random, length), Draw(run, random, length));
        run.Expect(!first.AsSpan().SequenceEqual(second), "other bytes than before", LawText.Of(second));
        return ValueTask.CompletedTask;
    });

    /// <summary>Two worlds of different seeds do not give the same.</summary>
    [Fact]
    public void R4_WorldsDiffer() => CheckHost(async run =>
    {
        var first = await DrawIn(run, run.Host, run.Seed);
        using var other = CreateHost(run.Seed + 1);
        var second = other.Loop.Run(() => DrawIn(run, other, run.Seed + 1));
        run.Expect(!first.AsSpan().SequenceEqual(second), "other bytes", LawText.Of(second));
    }, cases: 10);

    /// <summary>Two worlds of one seed give the same in simulation, and on a real host they do not.</summary>
    [Fact]
    public void R6_WorldsOfOneSeedAreEqualInSimulationAlone() => CheckHost(async run =>
    {
        var first = await DrawIn(run, run.Host, run.Seed);
        using var other = CreateHost(run.Seed);
        var second = other.Loop.Run(() => DrawIn(run, other, run.Seed));
        run.Expect(first.AsSpan().SequenceEqual(second) == FollowsFromSeed,
            FollowsFromSeed ? LawText.Of(first) : "other bytes", LawText.Of(second));
    }, cases: 10);

    private static Arbitrary<int> Lengths => Arb.From(
        Gen.OneOf(Gen.Choose(0, 70), Gen.Choose(250, 260), Gen.Choose(4090, 4100)),
        static length => length > 1 ? [0, 1, length / 2, length - 1] : []);

    private static byte[] Draw(LawRun run, TRandom random, int length)
    {
        var bytes = new byte[length];
        Fill(run, random, bytes);
        return bytes;
    }

    private static void Fill(LawRun run, TRandom random, Memory<byte> destination) =>
        run.Call($"Fill {destination.Length} bytes", () =>
        {
            TRandom.Fill(random, destination.Span);
            return true;
        });

    private static void ExpectHalf(LawRun run, long count, string what)
    {
        const long Bits = Sample * 8L;
        var far = Math.Abs(count - (Bits / 2)) / (Math.Sqrt(Bits) / 2);
        run.Expect(far <= Deviations, $"about {Bits / 2} {what}", $"{count}, {far:F0} standard deviations off");
    }

    private async ValueTask<byte[]> DrawIn(LawRun run, Host host, ulong seed)
    {
        var random = await run.Await($"Connect in a world of seed {seed}", () => Connect(host));
        var bytes = Draw(run, random, 32);
        await run.Await("Disconnect", () => Release(host, random));
        return bytes;
    }
}
