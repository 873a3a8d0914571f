namespace Mirage.Testing.Tests;

public sealed class FenceTests
{
    private readonly SimWorld _world = new();

    [Fact]
    public void TaskRun_NamesMachineTimeAndMethod()
    {
        var error = Escape(static async host =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            await Task.Run(static () => { });
        });
        Assert.Contains("m handed work to the thread pool at 00:00:01", error.Message, StringComparison.Ordinal);
        Assert.Contains("FenceTests.TaskRun_NamesMachineTimeAndMethod", error.Message, StringComparison.Ordinal);
        Assert.Contains("no Task.Run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigureAwaitFalse_OfSomethingThatWaits_IsCaught() =>
        Assert.Contains("thread pool", Escape(static async host =>
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time).ConfigureAwait(false)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void CancelAsync_IsCaught() => Escape(static async host =>
    {
        using var cancellation = new CancellationTokenSource();
        await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
        cancellation.Token.Register(static () => { });
        await cancellation.CancelAsync();
    });

    [Fact]
    public void QueueUserWorkItem_IsCaught() => Escape(static host =>
    {
        ThreadPool.QueueUserWorkItem(static _ => { });
        return new(Task.Delay(TimeSpan.FromSeconds(1), host.Time));
    });

    [Fact]
    public void AnotherThread_ReadsTheClock_ThrowsThereAndEndsTheRun()
    {
        Exception? seen = null;
        var error = Escape(host =>
        {
            var thread = new Thread(() => seen = Record.Exception(() => host.Loop.NowNs));
            thread.Start();
            thread.Join();
            return new(Task.Delay(TimeSpan.FromSeconds(1), host.Time));
        });
        Assert.IsType<SimEscapeException>(seen);
        Assert.Contains("another thread read the clock of m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherThread_DrawsEntropy_IsCaught() => Escape(static host =>
    {
        var thread = new Thread(() => Record.Exception(() => host.FillRandom(new byte[1])));
        thread.Start();
        thread.Join();
        return new(Task.Delay(TimeSpan.FromSeconds(1), host.Time));
    });

    [Fact]
    public void AnotherThread_Posts_IsCaught()
    {
        var error = Escape(static host =>
        {
            var thread = new Thread(() => host.Loop.Post(static _ => { }, null));
            thread.Start();
            thread.Join();
            return new(Task.Delay(TimeSpan.FromSeconds(1), host.Time));
        });
        Assert.Contains("another thread brought m the result", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherThread_PostsBehindOneOfTheWorld_IsCaught()
    {
        var machine = _world.AddMachine("m");
        machine.Run(static host => new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time)));
        _world.Run(TimeSpan.FromSeconds(1));
        machine.Host.Loop.Post(static _ => { }, null);
        _world.At(_world.Now, () =>
        {
            var thread = new Thread(() => machine.Host.Loop.Post(static _ => { }, null));
            thread.Start();
            thread.Join();
        });
        machine.Pause(TimeSpan.FromSeconds(5));
        Assert.Throws<SimEscapeException>(() => _world.Run(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void WhatStaysOnTheLoop_IsLetBe()
    {
        _world.AddMachine("m").Run(static async host =>
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(2), host.Time);
            var completion = new TaskCompletionSource();
            var pipe = new System.IO.Pipelines.Pipe();
            var channel = System.Threading.Channels.Channel.CreateUnbounded<int>();
            var both = Task.WhenAll(
                Task.Delay(TimeSpan.FromSeconds(1), host.Time), completion.Task, Consume(pipe.Reader), Take(channel));
            await Task.Yield();
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            await pipe.Writer.WriteAsync(new byte[3]);
            await pipe.Writer.CompleteAsync();
            channel.Writer.TryWrite(1);
            completion.SetResult();
            await both.WaitAsync(TimeSpan.FromSeconds(10), host.Time);
            await cancellation.CancelAsync(); // Without registrations there is nothing to run elsewhere.
        });
        _world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(ExitCode.Done, _world.Machine("m").Exit);

        static async Task Consume(System.IO.Pipelines.PipeReader reader)
        {
            var read = await reader.ReadAsync();
            reader.AdvanceTo(read.Buffer.End);
        }

        static async Task Take(System.Threading.Channels.Channel<int> channel) => await channel.Reader.ReadAsync();
    }

    [Fact]
    public void OutsideOfARun_TheTestItself_MayUseThePool()
    {
        _world.AddMachine("m").Run(static host => new(Task.Delay(TimeSpan.FromSeconds(1), host.Time)));
        using var ran = new SemaphoreSlim(0);
        _world.At(TimeSpan.FromMilliseconds(1), () => ThreadPool.UnsafeQueueUserWorkItem(_ => ran.Release(), null));
        _world.Run(TimeSpan.FromSeconds(2));
        Assert.True(ran.Wait(TimeSpan.FromSeconds(30)));
    }

    private SimEscapeException Escape(Func<SimHost, ValueTask> main) => Assert.Throws<SimEscapeException>(() =>
    {
        _world.AddMachine("m").Run(main);
        _world.Run(TimeSpan.FromMinutes(1));
    });
}
