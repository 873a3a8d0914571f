using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Mirage.Testing;

/// <summary>What waiting obeys.</summary>
/// <typeparam name="TTime">The device under test.</typeparam>
public abstract class TimeLaws<TTime> : DeviceLaws<TTime> where TTime : struct, ITime<TTime>
{
    private const int ManySleeps = 100_000;
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(5);

    /// <summary>Sleeping for no time lets what is ready run, once.</summary>
    [Fact]
    public void T1_SleepingForZeroLetsOthersRun() => Check((run, time) => Yields(run, time, TimeSpan.Zero), cases: 10);

    /// <summary>Sleeping for less than no time is sleeping for none.</summary>
    [Fact]
    public void T5_SleepingForLessThanZeroIsSleepingForZero() =>
        Check(Arb.From(Gen.Elements(-1L, -10_000, long.MinValue)),
            (run, time, ticks) => Yields(run, time, TimeSpan.FromTicks(ticks)), cases: 10);

    /// <summary>Sleeps end in the order in which they are due, and in the order in which they began where that is the
    /// same.</summary>
    [Fact]
    public void T2_SleepsEndInTheOrderOfTheirDeadlines() => Check(Durations, async (run, time, durations) =>
    {
        var sleeps = new List<(long From, long To)>();
        var ended = new List<int>();
        var tasks = durations.Select((milliseconds, index) => Sleep(index, milliseconds)).ToArray();
        await run.Await(async () => await Task.WhenAll(tasks));

        for (var later = 0; later < ended.Count; later++)
        {
            foreach (var earlier in ended.Take(later))
            {
                // A sleep begins some time between two readings: two that may be due at once are in either order.
                var isInOrder = sleeps[ended[later]].To > sleeps[earlier].From
                    || (sleeps[ended[later]].To == sleeps[earlier].From && ended[later] > earlier);
                run.Expect(isInOrder, $"sleep {ended[later] + 1} ends before sleep {earlier + 1}",
                    $"they ended in the order {string.Join(", ", ended.Select(static index => index + 1))}");
            }
        }

        async Task Sleep(int index, int milliseconds)
        {
            run.Step($"Begin to sleep {milliseconds} ms");
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            var before = run.Host.Loop.NowNs;
            var sleep = TTime.Sleep(time, duration);
            sleeps.Add((before + (long)duration.TotalNanoseconds,
                run.Host.Loop.NowNs + (long)duration.TotalNanoseconds));
            await sleep;
            ended.Add(index);
        }
    }, cases: 20);

    /// <summary>A sleep that is cancelled ends as cancelled, and its timer fires no more.</summary>
    [Fact]
    public void T3_CancelledSleepLeavesNoTimer() => Check(Arb.From(Gen.Choose(0, 20)), async (run, time, waitMs) =>
    {
        using var cancellation = new CancellationTokenSource();
        var before = run.ArmedTimers;
        run.Step("Begin to sleep 1 h");
        var sleep = run.Call(() => TTime.Sleep(time, TimeSpan.FromHours(1), cancellation.Token)).AsTask();
        run.Step($"Cancel it {waitMs} ms later");
        await run.Await(async () => await Task.Delay(TimeSpan.FromMilliseconds(waitMs), run.Host.Time));
        cancellation.Cancel();
        ExpectCancelled(run, await run.Catch(async () => await sleep));
        run.Expect(run.ArmedTimers <= before, "no armed timer", $"{run.ArmedTimers - before} armed");
    }, cases: 20);

    /// <summary>With a token that is cancelled already there is no sleep.</summary>
    [Fact]
    public void T3_CancelledBeforeItBeginsDoesNotSleep() => Check(async (run, time) =>
    {
        var (timers, now) = (run.ArmedTimers, run.Host.Loop.NowNs);
        run.Step("Sleep 1 h, cancelled before");
        ExpectCancelled(run, await run.Catch(
            async () => await TTime.Sleep(time, TimeSpan.FromHours(1), new CancellationToken(canceled: true))));
        run.Expect(run.ArmedTimers <= timers, "no armed timer", $"{run.ArmedTimers - timers} armed");
        var slept = TimeSpan.FromTicks((run.Host.Loop.NowNs - now) / 100);
        run.Expect(slept < s_late, "an end at once", $"an end after {slept.TotalSeconds} s");
    }, cases: 10);

    /// <summary>A hundred thousand sleeps at once all end.</summary>
    [Fact]
    public void T4_ManySleepsEnd() => Check(async (run, time) =>
    {
        run.Step($"Sleep {ManySleeps} times at once, 1 to 16 ms");
        var sleeps = Enumerable.Range(0, ManySleeps)
            .Select(index => TTime.Sleep(time, TimeSpan.FromMilliseconds(1 + (index % 16))).AsTask());
        await run.Await(async () => await Task.WhenAll(sleeps));
    }, cases: 1);

    /// <summary>A sleep takes what it was asked for, at least.</summary>
    [Fact]
    public void T6_NeverEndsEarly() => Check(Arb.From(Gen.Choose(1, 200_000)), async (run, time, ticks) =>
    {
        var slept = await Measure(run, time, TimeSpan.FromTicks(ticks));
        run.Expect(slept >= ticks * 100L, $"{ticks * 100L} ns or more have passed", $"{slept} ns");
    }, cases: 50);

    /// <summary>A sleep takes not much more than it was asked for.</summary>
    [Fact]
    public void T7_EndsWithinFiveSeconds() => Check(Arb.From(Gen.Choose(1, 50)), async (run, time, milliseconds) =>
    {
        var late = await Measure(run, time, TimeSpan.FromMilliseconds(milliseconds)) - (milliseconds * 1_000_000L);
        run.Expect(late <= s_late.TotalNanoseconds, $"at most {s_late.TotalSeconds} s too late", $"{late} ns");
    }, cases: 20);

    /// <summary>A sleep may be as long as there are numbers for it.</summary>
    [Fact]
    public void T8_VeryLongSleepsAreSlept() =>
        Check(Arb.From(Gen.Elements(TimeSpan.FromDays(60), TimeSpan.FromDays(40_000), TimeSpan.MaxValue)),
            async (run, time, duration) =>
    {
        using var cancellation = new CancellationTokenSource();
        run.Step($"Begin to sleep {duration.TotalDays:F0} days");
        var sleep = run.Call(() => TTime.Sleep(time, duration, cancellation.Token)).AsTask();
        run.Step("Cancel it 1 ms later");
        await run.Await(async () => await Task.Delay(TimeSpan.FromMilliseconds(1), run.Host.Time));
        run.Expect(!sleep.IsCompleted, "it sleeps", sleep.Exception?.InnerException?.Message ?? "it ended");
        cancellation.Cancel();
        ExpectCancelled(run, await run.Catch(async () => await sleep));
    }, cases: 10);

    private static Arbitrary<int[]> Durations => Arb.Array(Arb.From(Gen.Choose(1, 30), static milliseconds =>
        milliseconds > 1 ? [1, milliseconds / 2, milliseconds - 1] : []));

    private static void ExpectCancelled(LawRun run, Exception? end) =>
        run.Expect(end is OperationCanceledException, "an OperationCanceledException",
            end?.GetType().Name ?? "no exception");

    private static async ValueTask Yields(LawRun run, TTime time, TimeSpan duration)
    {
        var others = 0;
        run.Host.Loop.Post(_ => others++, null);
        await run.Await($"Sleep {duration.Ticks * 100m} ns", () => TTime.Sleep(time, duration));
        run.ExpectEqual(1, others);
    }

    private static async ValueTask<long> Measure(LawRun run, TTime time, TimeSpan duration)
    {
        var before = run.Host.Loop.NowNs;
        return await run.Await($"Sleep {duration.Ticks * 100} ns", async () =>
        {
            await TTime.Sleep(time, duration);
            return run.Host.Loop.NowNs - before;
        });
    }
}
