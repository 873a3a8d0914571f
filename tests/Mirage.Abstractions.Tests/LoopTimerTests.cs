using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Tests;

public sealed class LoopTimerTests
{
    /// <summary>Whatever is armed, armed again and disarmed: timers fire once each, in order of time and then of
    /// arming.</summary>
    [Property]
    public void AnyArming_FiresInOrderOfTimeThenOfArming((byte Timer, ushort Due, bool Disarm)[] operations)
    {
        using var host = new SimHost();
        var fired = new List<int>();
        var expected = new Dictionary<int, (long Due, int Order)>();
        host.Run(async () =>
        {
            var timers = Enumerable.Range(0, 256)
                .Select(number => host.Loop.CreateTimer(_ => fired.Add(number), null)).ToArray();
            var order = 0;
            foreach (var (timer, due, disarm) in operations)
            {
                if (disarm)
                {
                    timers[timer].Disarm();
                    expected.Remove(timer);
                }
                else if (!expected.TryGetValue(timer, out var armed) || armed.Due != due)
                {
                    timers[timer].Arm(due);
                    expected[timer] = (due, order++);
                }

                Assert.Equal(expected.ContainsKey(timer), timers[timer].IsArmed);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), host.Time);
            Assert.All(timers, timer => Assert.False(timer.IsArmed));
        });
        Assert.Equal(expected.OrderBy(pair => pair.Value).Select(pair => pair.Key), fired);
    }

    [Fact]
    public void TimerArmedByATimer_WaitsForTheNextIteration()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var count = 0;
            LoopTimer? timer = null;
            timer = host.Loop.CreateTimer(_ =>
            {
                if (++count < 1000)
                    timer!.Arm(0);
            }, null);
            timer.Arm(0);
            var before = host.Loop.Iterations;
            await Task.Delay(TimeSpan.FromMilliseconds(1), host.Time);
            Assert.Equal(1000, count);
            Assert.True(host.Loop.Iterations - before >= 1000);
        });
    }

    [Fact]
    public void ArmingAgain_InTheSteadyState_AllocatesNothing()
    {
        using var host = new SimHost();
        host.Run(() =>
        {
            var timers = Enumerable.Range(0, 1000).Select(_ => host.Loop.CreateTimer(static _ => { }, null)).ToArray();
            Round(timers);
            var allocated = long.MaxValue;
            for (var window = 0; window < 5; window++)
            {
                // The least of several: a collection for another test ends the piece that this thread allocates from.
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var round = 0; round < 20; round++)
                    Round(timers);
                allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, allocated);
            return ValueTask.CompletedTask;
        });

        static void Round(LoopTimer[] timers)
        {
            for (var index = 0; index < timers.Length; index++)
                timers[index].Arm(1_000_000 + (index * 7919 % 1000));
            foreach (var timer in timers)
                timer.Disarm();
        }
    }

    [Fact]
    public void ProviderTimer_WithAPeriod_FiresUntilItIsDisposed()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var count = 0;
            var timer = host.Time.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            await Task.Delay(TimeSpan.FromSeconds(6.5), host.Time);
            Assert.Equal(3, count);
            await timer.DisposeAsync();
            await Task.Delay(TimeSpan.FromHours(1), host.Time);
            Assert.Equal(3, count);
            Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        });
    }
}
