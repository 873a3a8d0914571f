using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Testing.Tests;

/// <summary>How much a law tries, for how long, and which cases.</summary>
public class LawLimitTests
{
    private static readonly Law s_law = new("X", "whatever", "Device", "Test");

    [Fact]
    public void EveryCase_IsTriedOnce()
    {
        var seeds = new List<ulong>();
        Check(new LawOptions { Cases = 25 }, Gen.Constant(0), (run, _) => seeds.Add(run.Seed));
        Assert.Equal(25, seeds.Distinct().Count());
        Assert.Equal(LawReplay.Seeds(new LawOptions { Cases = 25 }, null), seeds);
    }

    [Fact]
    public void OtherSeed_OtherCases() => Assert.Empty(
        LawReplay.Seeds(new LawOptions(), "").Intersect(LawReplay.Seeds(new LawOptions { Seed = 2 }, null)));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void SeedOfTheEnvironment_IsTheOnlyCase(string given, ulong seed) =>
        Assert.Equal([seed], LawReplay.Seeds(new LawOptions(), given));

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1,2")]
    public void SeedThatIsNone_IsSaid(string given) =>
        Assert.Contains($"'{given}'", Assert.Throws<FormatException>(
            () => LawReplay.Seeds(new LawOptions(), given)).Message, StringComparison.Ordinal);

    [Fact]
    public void SizesOfCases_GoUpToTheLimit()
    {
        var sizes = new List<int>();
        Check(new LawOptions { Cases = 200, Size = 7 }, Gen.Sized(Gen.Constant), (_, size) => sizes.Add(size));
        Assert.Equal(Enumerable.Range(1, 7), sizes.Distinct().Order());
    }

    public static TheoryData<string, LawOptions> Senseless => new()
    {
        { "Cases", new() { Cases = 0 } },
        { "Cases", new() { Cases = -1 } },
        { "Size", new() { Size = -1 } },
        { "Shrinks", new() { Shrinks = -1 } },
        { "Limit", new() { Limit = TimeSpan.Zero } },
        { "CaseLimit", new() { CaseLimit = TimeSpan.Zero } },
        { "CaseLimit", new() { CaseLimit = TimeSpan.FromSeconds(-1) } },
        { "OperationLimit", new() { OperationLimit = TimeSpan.Zero } },
    };

    public static TheoryData<LawOptions> Generous =>
    [
        .. new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeSpan.FromDays(30), TimeSpan.FromDays(365 * 300) }
            .SelectMany(static limit => new LawOptions[]
            {
                new() { Limit = limit }, new() { CaseLimit = limit }, new() { OperationLimit = limit },
            }),
    ];

    [Theory]
    [MemberData(nameof(Senseless))]
    public void OptionThatMakesNoSense_IsNamed(string option, LawOptions options) =>
        Assert.Equal(option, Assert.Throws<ArgumentOutOfRangeException>(
            () => Check(options, Gen.Constant(0), static (_, _) => { })).ParamName);

    [Theory]
    [MemberData(nameof(Generous))]
    public void LimitThatIsNone_LetsASoundDeviceBe(LawOptions options)
    {
        var ended = 0;
        LawRunner.Check(s_law, options with { Size = 0, Cases = 3 }, Arb.From(Gen.Constant(0)),
            static seed => new SimHost(seed), async (run, _) =>
            {
                await run.Await(async () => await Task.Delay(TimeSpan.FromSeconds(1), run.Host.Time));
                ended++;
            });
        Assert.Equal(3, ended);
    }

    [Fact]
    public void LawThatTakesTooLong_FailsForThat()
    {
        var failure = Assert.Throws<LawException>(
            () => Check(new LawOptions { Limit = TimeSpan.FromTicks(1) }, Gen.Constant(0), static (_, _) => { }));
        Assert.Equal("100 cases within 1E-07 s", failure.Expected);
        Assert.Matches("^[0-9]+ cases$", failure.Seen);
    }

    [Fact]
    public void Shrinking_EndsAtItsLimit()
    {
        var cases = 0;
        Assert.Throws<LawException>(() => LawRunner.Check(s_law, new LawOptions { Shrinks = 30 },
            Arb.From(Gen.Constant(0), static _ => [0]), static seed => new SimHost(seed), (run, _) =>
        {
            cases++;
            run.Fail("otherwise", "so");
            return ValueTask.CompletedTask;
        }));
        Assert.Equal(31, cases);
    }

    [Fact]
    public void GeneratorThatNeverEnds_IsGivenUp() => Assert.Throws<TimeoutException>(() => Check(
        new LawOptions { CaseLimit = TimeSpan.FromMilliseconds(200) }, Gen.Constant(0).Select(static value =>
        {
            using var never = new ManualResetEventSlim();
            never.Wait(CancellationToken.None);
            return value;
        }), static (_, _) => { }));

    [Fact]
    public void HostThatCannotBeMade_IsAFailureOfTheCase()
    {
        var failure = Assert.Throws<LawException>(() => LawRunner.Check(s_law, LawOptions.Default,
            Arb.From(Gen.Constant(0)), static _ => throw new IOException("no host"),
            static (_, _) => ValueTask.CompletedTask));
        Assert.Equal(("IOException: no host", 0), (failure.Seen, failure.Operations.Count));
    }

    [Fact]
    public void ViolationThatTheDeviceSwallows_FailsTheCase()
    {
        var failure = Assert.Throws<LawException>(() => Check(LawOptions.Default, Gen.Constant(0), static (run, _) =>
        {
            try
            {
                run.Fail("this", "that"); // As in a handler that the device calls.
            }
            catch (Exception)
            {
                // As a device that wants to live whatever its handlers do.
            }
        }));
        Assert.Equal(("this", "that"), (failure.Expected, failure.Seen));
    }

    private static void Check<TInput>(LawOptions options, Gen<TInput> inputs, Action<LawRun, TInput> body) =>
        LawRunner.Check(s_law, options, Arb.From(inputs), static seed => new SimHost(seed), (run, input) =>
        {
            body(run, input);
            return ValueTask.CompletedTask;
        });
}
