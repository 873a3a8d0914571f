using Mirage.Testing;

namespace Mirage.Tests;

public sealed class EventLoopTests
{
    [Fact]
    public void Delays_AnyOrder_FireInOrderOfTheirTimeWithoutWaiting()
    {
        using var host = new SimHost();
        var order = new List<int>();
        host.Run(async () =>
        {
            await Task.WhenAll(Add(3, 3600), Add(1, 1), Add(2, 2));

            async Task Add(int number, int seconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), host.Time);
                Assert.True(host.Loop.IsCurrent);
                order.Add(number);
            }
        });
        Assert.Equal([1, 2, 3], order);
        Assert.Equal(3600_000_000_000, host.Loop.NowNs);
    }

    [Fact]
    public void AwaitOfAnotherThread_ComesBackToTheLoop()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            await Task.Run(() => Thread.Yield());
            Assert.True(host.Loop.IsCurrent);
        });
    }

    [Fact]
    public void PostsOfManyThreads_AllRunOnTheLoopInOrderOfEachThread()
    {
        using var host = new SimHost();
        const int Threads = 4, Posts = 1000;
        var seen = new List<int>[Threads];
        var left = Threads * Posts;
        var done = new TaskCompletionSource();
        host.Run(async () =>
        {
            var threads = Enumerable.Range(0, Threads).Select(number =>
            {
                seen[number] = [];
                return new Thread(() =>
                {
                    for (var post = 0; post < Posts; post++)
                        host.Loop.Post(value => Take(number, (int)value!), post);
                });
            }).ToArray();
            foreach (var thread in threads)
                thread.Start();
            await done.Task;
        });
        Assert.All(seen, posts => Assert.Equal(Enumerable.Range(0, Posts), posts));

        void Take(int number, int post)
        {
            Assert.True(host.Loop.IsCurrent);
            seen[number].Add(post);
            if (--left == 0)
                done.SetResult();
        }
    }

    [Fact]
    public void Input_WithMoreWaiting_LetsTimersAndContinuationsRunBetweenItsBatches()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var input = new CountingInput(batches: 100);
            host.Loop.RequestInput(input);
            await Task.Yield();
            await Task.Yield();
            Assert.InRange(input.Taken, 1, 3);
            await Task.Delay(TimeSpan.FromMilliseconds(1), host.Time);
            Assert.Equal(100, input.Taken);
        });
    }

    [Fact]
    public void Flush_RequestedInAnIteration_RunsOnceAtItsEnd()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var output = new CountingOutput();
            await Task.Yield();
            host.Loop.RequestFlush(output);
            Assert.Equal(0, output.Flushed);
            await Task.Yield();
            Assert.Equal(1, output.Flushed);
            await Task.Yield();
            Assert.Equal(1, output.Flushed);
        });
    }

    [Fact]
    public void CallbackThatThrows_EndsTheRunWithItsException()
    {
        using var host = new SimHost();
        var error = Assert.Throws<InvalidOperationException>(() => host.Run(async () =>
        {
            host.Loop.Post(_ => throw new InvalidOperationException("planted"), null);
            await Task.Delay(Timeout.Infinite, host.Stopping);
        }));
        Assert.Equal("planted", error.Message);
    }

    [Fact]
    public void Stop_WhileTheMainTaskWaits_EndsTheRun()
    {
        using var host = new SimHost();
        Assert.Throws<OperationCanceledException>(() => host.Run(async () =>
        {
            host.Loop.Stop();
            await new TaskCompletionSource().Task;
        }));
    }

    [Fact]
    public void NothingLeftToWaitFor_IsAnErrorAndNotAHang()
    {
        using var host = new SimHost { Stall = TimeSpan.Zero };
        var error =
            Assert.Throws<InvalidOperationException>(() => host.Run(async () => await new TaskCompletionSource().Task));
        Assert.Contains("stalled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TwiceAtOnce_IsRefused()
    {
        using var host = new SimHost();
        host.Run(() =>
        {
            Assert.Throws<InvalidOperationException>(() => host.Run(() => ValueTask.CompletedTask));
            return ValueTask.CompletedTask;
        });
    }

    private sealed class CountingInput(int batches) : ILoopInput
    {
        public int Taken { get; private set; }

        public bool TakeBatch() => ++Taken < batches;
    }

    private sealed class CountingOutput : ILoopOutput
    {
        public int Flushed { get; private set; }

        public void Flush() => Flushed++;
    }
}
