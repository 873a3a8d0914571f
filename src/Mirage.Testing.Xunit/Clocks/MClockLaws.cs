using Xunit;

namespace Mirage.Testing;

/// <summary>What a monotonic clock obeys.</summary>
/// <typeparam name="TClock">The clock under test.</typeparam>
public abstract class MClockLaws<TClock> : DeviceLaws<TClock> where TClock : struct, IMClock<TClock>
{
    private const int Readings = 200;
    private static readonly TimeSpan s_realPause = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan s_virtualPause = TimeSpan.FromSeconds(30); // It costs nothing, and shows a rate.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(5);

    /// <summary>No reading is less than the one before.</summary>
    [Fact]
    public void MC1_NeverStepsBack() => Check(async (run, clock) =>
    {
        var last = Read(run, clock);
        for (var reading = 1; reading < Readings; reading++)
        {
            if (reading % 20 == 0)
                await Task.Yield();
            var next = Read(run, clock);
            run.Expect(next >= last, $"{last} ns or more", $"{next} ns");
            last = next;
        }
    }, cases: 10);

    /// <summary>Waiting on the host's timers shows on the clock, in full and not much more: it neither stands still nor
    /// lags or runs ahead.</summary>
    [Fact]
    public void MC2_ShowsTheTimeThatPassed() => Check(async (run, clock) =>
    {
        var pause = run.Host is SimHost ? s_virtualPause : s_realPause;
        var before = Read(run, clock);
        run.Step($"Wait {pause.TotalMilliseconds} ms");
        await run.Await(async () => await Task.Delay(pause, run.Host.Time));
        var passed = Read(run, clock) - before;
        var least = (long)pause.TotalNanoseconds - (run.Call(() => TClock.PeriodNs(clock)) ?? 0);
        run.Expect(passed >= least, $"{least} ns or more have passed", $"{passed} ns");
        var most = (long)(pause + s_tolerance).TotalNanoseconds; // What a busy machine wakes up late.
        run.Expect(passed <= most, $"{most} ns or less have passed", $"{passed} ns");
    }, cases: 10);

    /// <summary>The period is not known, or positive, and the same each time.</summary>
    [Fact]
    public void MC3_PeriodIsPositiveAndConstant() => Check(async (run, clock) =>
    {
        var first = run.Call("Ask for the period", () => TClock.PeriodNs(clock));
        await Task.Yield();
        var second = run.Call("Ask for the period", () => TClock.PeriodNs(clock));
        run.Expect(first is null or > 0, "none, or more than 0 ns", $"{first} ns");
        run.Expect(first == second, $"{first} ns", $"{second} ns");
    }, cases: 10);

    /// <summary>Two hundred years are left before a reading would overflow.</summary>
    [Fact]
    public void MC5_HasRoomForTwoHundredYears() => Check((run, clock) =>
    {
        const long Years = 200L * 366 * 24 * 3600 * 1_000_000_000;
        var now = Read(run, clock);
        run.Expect(now is >= 0 and <= long.MaxValue - Years, $"0 to {long.MaxValue - Years} ns", $"{now} ns");
        return ValueTask.CompletedTask;
    }, cases: 1);

    private static long Read(LawRun run, TClock clock) => run.Call("Read the clock", () => TClock.ElapsedNs(clock));
}
