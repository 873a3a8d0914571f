namespace Mirage.Testing.Tests;

public class ClockTests
{
    [Fact]
    public void ClockThatStepsBack_IsCaught()
    {
        new Clocks<Steady>().MC1_NeverStepsBack();
        var failure = Caught.By("MC1", new Clocks<StepsBack>().MC1_NeverStepsBack);
        Assert.Equal(51, failure.Operations.Count);
        Assert.Contains("50. Read the clock\n51. Read the clock\n\nAt operation 51, expected: 50", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ClockThatStandsStill_IsCaught()
    {
        new Clocks<Steady>().MC2_ShowsTheTimeThatPassed();
        Caught.By("MC2", new Clocks<StandsStill>().MC2_ShowsTheTimeThatPassed);
    }

    [Fact]
    public void ClockThatIsTenTimesTooFast_IsCaught() =>
        Assert.Equal("300000000009 ns", Caught.By("MC2", new Clocks<TooFast>().MC2_ShowsTheTimeThatPassed).Seen);

    [Fact]
    public void ClockOf1970_IsCaught_UnlessItIsOfThatOpinion()
    {
        var failure = Caught.By("WC1", new Days().WC1_ShowsTheTimeOfDay);
        Assert.Equal("1970-01-01 00:00:00Z", failure.Seen);
        new DaysOf1970().WC1_ShowsTheTimeOfDay();
    }

    [Fact]
    public void SleepThatEndsEarly_IsCaughtAndShrunkToTheShortest()
    {
        new Sleeps<Exact>().T6_NeverEndsEarly();
        var failure = Caught.By("T6", new Sleeps<Early>().T6_NeverEndsEarly);
        Assert.StartsWith("Sleep ", Assert.Single(failure.Operations), StringComparison.Ordinal);
    }

    [Fact]
    public void SleepsThatEndInAnyOrder_AreShrunkToTwo()
    {
        new Sleeps<Exact>().T2_SleepsEndInTheOrderOfTheirDeadlines();
        var failure = Caught.By("T2", new Sleeps<InReverse>().T2_SleepsEndInTheOrderOfTheirDeadlines);
        Assert.Equal(2, failure.Operations.Count);
    }

    [Fact]
    public void SleepThatLeavesItsTimer_IsCaught()
    {
        new Sleeps<Exact>().T3_CancelledSleepLeavesNoTimer();
        Caught.By("T3", new Sleeps<LeavesTimer>().T3_CancelledSleepLeavesNoTimer);
    }

    private sealed class Clocks<TReading> : MClockLaws<PlantedClock<TReading>> where TReading : IReading;

    private sealed class Sleeps<TSleep> : TimeLaws<PlantedTime<TSleep>> where TSleep : ISleep;

    private sealed class Steady : IReading
    {
        public static long Read(Host host, int reading) => host.Loop.NowNs + reading;
    }

    private sealed class StepsBack : IReading
    {
        public static long Read(Host host, int reading) => reading % 51 == 0 ? reading - 40 : reading;
    }

    private sealed class StandsStill : IReading
    {
        public static long Read(Host host, int reading) => 7;
    }

    private sealed class TooFast : IReading
    {
        public static long Read(Host host, int reading) => (10 * host.Loop.NowNs) + (9 * reading);
    }

    private class Days : PClockLaws<EpochClock>;

    private sealed class DaysOf1970 : Days
    {
        protected override DateTimeOffset ExpectedNow(Host host) => DateTimeOffset.UnixEpoch;
    }

    private sealed class Exact : ISleep
    {
        // Task.Delay counts in milliseconds, and forgets what is less.
        public static async ValueTask Sleep(Host host, TimeSpan duration, CancellationToken cancellation) =>
            await Task.Delay(duration + TimeSpan.FromMilliseconds(1), host.Time, cancellation);
    }

    private sealed class Early : ISleep
    {
        public static async ValueTask Sleep(Host host, TimeSpan duration, CancellationToken cancellation) =>
            await Task.Delay(duration, host.Time, cancellation);
    }

    private sealed class InReverse : ISleep
    {
        // What begins at one time waits on a stack.
        public static async ValueTask Sleep(Host host, TimeSpan duration, CancellationToken cancellation)
        {
            var last = host.GetEnvironmentVariable("SLEEPS") is { } text ? int.Parse(text, null) : 0;
            ((SimHost)host).SetEnvironmentVariable("SLEEPS", $"{last + 1}");
            await Task.Delay(duration + TimeSpan.FromMilliseconds(1000 - last), host.Time, cancellation);
        }
    }

    private sealed class LeavesTimer : ISleep
    {
        public static async ValueTask Sleep(Host host, TimeSpan duration, CancellationToken cancellation) =>
            await Task.Delay(duration, host.Time, CancellationToken.None).WaitAsync(cancellation);
    }
}
