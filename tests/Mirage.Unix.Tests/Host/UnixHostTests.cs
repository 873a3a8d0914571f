namespace Mirage.Unix.Tests;

public sealed class UnixHostTests
{
    [Fact]
    public void Timers_OfDifferentTimes_FireInOrderAndNeverEarly()
    {
        using var host = new UnixHost();
        var order = new List<int>();
        host.Loop.Run(async () =>
        {
            var begun = host.Loop.NowNs; // One origin for all: arming them takes time too.
            await Task.WhenAll(Add(3, 9), Add(1, 1), Add(2, 5));
            return 0;

            Task Add(int number, int milliseconds)
            {
                var fired = new TaskCompletionSource();
                var dueNs = begun + (milliseconds * 1_000_000L);
                host.Loop.CreateTimer(_ => Fire(), null).Arm(dueNs);
                return fired.Task;

                void Fire()
                {
                    Assert.True(host.Loop.NowNs >= dueNs);
                    order.Add(number);
                    fired.SetResult();
                }
            }
        });
        Assert.Equal([1, 2, 3], order);
    }

    [Fact]
    public void Posts_OfManyThreads_AllRunOnTheLoop()
    {
        const int Threads = 4, Posts = 20_000;
        using var host = new UnixHost();
        var done = new TaskCompletionSource<int>();
        var count = 0;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(Storm)).ToArray();
        Assert.Equal(Threads * Posts, host.Loop.Run(() =>
        {
            Array.ForEach(threads, static thread => thread.Start());
            return new ValueTask<int>(done.Task);
        }));
        Array.ForEach(threads, static thread => thread.Join());

        void Storm()
        {
            for (var post = 0; post < Posts; post++)
                host.Loop.Post(_ => Count(), null);
        }

        void Count()
        {
            if (!host.Loop.IsCurrent)
                done.TrySetException(new InvalidOperationException("A post ran on another thread."));
            if (++count == Threads * Posts)
                done.TrySetResult(count);
        }
    }

    [Fact]
    public void ParkedLoop_TaskCompletedOnAnotherThread_Ends()
    {
        for (var round = 0; round < 200; round++)
        {
            using var host = new UnixHost();
            var source = new TaskCompletionSource<int>();
            var thread = new Thread(() => source.SetResult(7));
            var result = host.Loop.Run(() =>
            {
                thread.Start();
                return new ValueTask<int>(source.Task);
            });
            Assert.Equal(7, result);
            thread.Join();
        }
    }

    [Fact]
    public void DisposedHost_Post_IsIgnored()
    {
        var host = new UnixHost();
        host.Dispose();
        host.Loop.Post(static _ => { }, null);
    }

    [Fact]
    public void Random_TwoFills_Differ()
    {
        using var host = new UnixHost();
        var (first, second) = (new byte[1000], new byte[1000]);
        host.FillRandom(first);
        host.FillRandom(second);
        Assert.NotEqual(first, second);
        Assert.Contains(first[900..], static octet => octet != 0);
        host.FillRandom([]);
    }

    [Fact]
    public void TimeOfDay_IsTheSystems()
    {
        using var host = new UnixHost();
        var before = DateTimeOffset.UtcNow;
        var now = host.Loop.UtcNow;
        Assert.InRange(now, before.AddTicks(-10), DateTimeOffset.UtcNow.AddTicks(10));
    }
}
