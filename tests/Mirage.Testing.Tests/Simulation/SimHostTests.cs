namespace Mirage.Testing.Tests;

public sealed class SimHostTests
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void SameSeed_Entropy_IsTheSame()
    {
        using var one = new SimHost(42);
        using var other = new SimHost(42);
        Assert.Equal(42UL, one.Seed);
        Assert.Equal(Entropy(one), Entropy(other));
    }

    [Fact]
    public void OtherSeed_Entropy_IsAnother()
    {
        using var one = new SimHost(1);
        using var other = new SimHost(2);
        Assert.NotEqual(Entropy(one), Entropy(other));
    }

    [Fact]
    public void OneHost_EntropyAskedTwice_GoesOn()
    {
        using var host = new SimHost();
        Assert.NotEqual(Entropy(host), Entropy(host));
    }

    [Fact]
    public void SleepOfAYear_Time_JumpsToItsEndExactly()
    {
        using var host = new SimHost();
        var year = TimeSpan.FromDays(365);
        var slept = host.Run(async () =>
        {
            var start = host.Loop.NowNs;
            // Timers of the framework end within 50 days: a year is many of them, one after another.
            for (var day = 0; day < 365; day++)
                await Task.Delay(TimeSpan.FromDays(1), host.Time);
            return host.Loop.NowNs - start;
        });
        Assert.Equal((long)year.TotalNanoseconds, slept);
        Assert.Equal(s_epoch + year, host.Loop.UtcNow);
        Assert.Equal(s_epoch + year, host.Time.GetUtcNow());
    }

    [Fact]
    public void NothingWaits_Time_StandsStill()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            for (var round = 0; round < 1000; round++)
                await Task.Yield();
        });
        Assert.Equal(0, host.Loop.NowNs);
        Assert.Equal(s_epoch, host.Loop.UtcNow);
    }

    [Fact]
    public void TimersInAnyOrder_FireByTheirTimes()
    {
        using var host = new SimHost();
        var fired = new List<(int Hours, double At)>();
        host.Run(async () => await Task.WhenAll(Enumerable.Range(1, 3).Reverse().Append(1).Select(Sleep)));
        Assert.Equal([(1, 1.0), (1, 1.0), (2, 2.0), (3, 3.0)], fired);

        async Task Sleep(int hours)
        {
            await Task.Delay(TimeSpan.FromHours(hours), host.Time);
            fired.Add((hours, (host.Loop.UtcNow - s_epoch).TotalHours));
        }
    }

    [Fact]
    public void SameSeed_WholeRun_LeavesTheSameTrace()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));
    }

    [Fact]
    public void Environment_VariableSet_IsSeenInThisWorldOnly()
    {
        using var host = new SimHost();
        using var other = new SimHost();
        host.SetEnvironmentVariable("MIRAGE_PORT", "80");
        host.SetEnvironmentVariable("MIRAGE_PORT", "81");
        Assert.Equal("81", host.GetEnvironmentVariable("MIRAGE_PORT"));
        Assert.Null(other.GetEnvironmentVariable("MIRAGE_PORT"));
        // The process has one; the world does not inherit it, or a run would depend on the machine.
        Assert.NotNull(System.Environment.GetEnvironmentVariable("PATH"));
        Assert.Null(host.GetEnvironmentVariable("PATH"));
    }

    [Fact]
    public void OutputAndError_Written_AreKeptApart()
    {
        using var host = new SimHost();
        host.Out.Write("to be read");
        host.Error.Write("to be heeded");
        Assert.Equal("to be read", host.Output);
        Assert.Equal("to be heeded", host.ErrorOutput);
    }

    [Fact]
    public void NothingCanHappenAnyMore_Run_SaysThatItIsStalled()
    {
        using var host = new SimHost { Stall = TimeSpan.FromMilliseconds(1) };
        Assert.Equal(TimeSpan.FromMilliseconds(1), host.Stall);
        var error = Assert.Throws<InvalidOperationException>(() =>
            host.Run(() => new ValueTask(new TaskCompletionSource().Task)));
        Assert.Contains("stalled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WorldWaits_PostFromAnotherThread_WakesIt()
    {
        using var host = new SimHost();
        var done = new TaskCompletionSource();
        Thread? ran = null;
        var poster = new Thread(() => host.Loop.Post(_ =>
        {
            ran = Thread.CurrentThread;
            done.SetResult();
        }, null));
        host.Run(async () =>
        {
            poster.Start();
            await done.Task;
            Assert.True(host.Loop.IsCurrent);
        });
        poster.Join();
        Assert.Equal(Thread.CurrentThread, ran);
    }

    [Fact]
    public void MainFails_Run_ThrowsItsException()
    {
        using var host = new SimHost();
        var error = Assert.Throws<InvalidDataException>(() => host.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), host.Time);
            throw new InvalidDataException("after an hour");
        }));
        Assert.Equal("after an hour", error.Message);
    }

    [Fact]
    public void WorldHasEnded_RunAgain_GoesOnFromThere()
    {
        using var host = new SimHost();
        host.Run(async () => await Task.Delay(TimeSpan.FromSeconds(1), host.Time));
        host.Run(async () => await Task.Delay(TimeSpan.FromSeconds(2), host.Time));
        Assert.Equal(3_000_000_000, host.Loop.NowNs);
    }

    private static byte[] Entropy(SimHost host)
    {
        var bytes = new byte[100];
        host.FillRandom(bytes);
        return bytes;
    }

    // Tasks that sleep for random times: when each wakes, in order.
    private static string Trace(ulong seed)
    {
        using var host = new SimHost(seed);
        host.Run(async () => await Task.WhenAll(Enumerable.Range(0, 10).Select(Wander)));
        return host.Output;

        async Task Wander(int number)
        {
            var random = new byte[1];
            for (var step = 0; step < 10; step++)
            {
                host.FillRandom(random);
                await Task.Delay(TimeSpan.FromMilliseconds(random[0]), host.Time);
                host.Out.Write($"{number}@{host.Loop.NowNs} ");
            }
        }
    }
}
