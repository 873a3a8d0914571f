using Xunit;

namespace Mirage.Testing;

/// <summary>What a clock of the time of day obeys. It may step in either direction, so little is promised of two
/// readings.</summary>
/// <typeparam name="TClock">The clock under test.</typeparam>
public abstract class PClockLaws<TClock> : DeviceLaws<TClock> where TClock : struct, IPClock<TClock>
{
    private static readonly TimeSpan s_day = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(5);

    /// <summary>What the time of day is: that of the host's loop, unless overridden for a clock that is of another
    /// opinion.</summary>
    protected virtual DateTimeOffset ExpectedNow(Host host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Loop.UtcNow;
    }

    /// <summary>The clock shows the time of day, to a few seconds.</summary>
    [Fact]
    public void WC1_ShowsTheTimeOfDay() => Check((run, clock) =>
    {
        var expected = ExpectedNow(run.Host);
        var now = run.Call("Read the clock", () => TClock.Now(clock));
        run.Expect((now - expected).Duration() <= s_tolerance,
            $"{expected:u}, or at most {s_tolerance.TotalSeconds} s from it", $"{now:u}");
        return ValueTask.CompletedTask;
    }, cases: 10);

    /// <summary>The time of day is in UTC, whatever local time is.</summary>
    [Fact]
    public void WC1_IsInUtc() => Check((run, clock) =>
    {
        var now = run.Call("Read the clock", () => TClock.Now(clock));
        run.ExpectEqual($"an offset of {TimeSpan.Zero}", $"an offset of {now.Offset}");
        return ValueTask.CompletedTask;
    }, cases: 10);

    /// <summary>What local time adds to UTC is not known, or less than a day.</summary>
    [Fact]
    public void WC2_UtcOffsetIsLessThanADay() => Check((run, clock) =>
    {
        var offset = run.Call("Ask for the offset", () => TClock.UtcOffset(clock));
        run.Expect(offset is null || offset.Value.Duration() < s_day, "none, or less than 24 h", $"{offset}");
        return ValueTask.CompletedTask;
    }, cases: 10);

    /// <summary>The period is not known, or positive, and the same each time.</summary>
    [Fact]
    public void WC3_PeriodIsPositiveAndConstant() => Check(async (run, clock) =>
    {
        var first = run.Call("Ask for the period", () => TClock.Period(clock));
        await Task.Yield();
        var second = run.Call("Ask for the period", () => TClock.Period(clock));
        run.Expect(first is null || first > TimeSpan.Zero, "none, or more than 0 s", $"{first}");
        run.ExpectEqual($"{first}", $"{second}");
    }, cases: 10);
}
