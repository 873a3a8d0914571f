using System.Threading.Tasks.Sources;
using Mirage.Testing;

namespace Mirage.Tests;

public sealed class LoopSignalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Waiter_WhateverItsConfiguration_ResumesOnTheLoopAndNotInsideTheCall(bool continueOnCapturedContext)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var signal = new LoopSignal<int>(host.Loop);
            var resumed = false;
            var waiter = Wait();
            Assert.True(signal.TrySetResult(7));
            Assert.False(resumed);
            await waiter;
            Assert.True(resumed);

            async Task Wait()
            {
                Assert.Equal(7, await signal.WaitAsync().ConfigureAwait(continueOnCapturedContext));
                Assert.True(host.Loop.IsCurrent);
                resumed = true;
            }
        });
    }

    [Fact]
    public void SecondWaiter_IsRefused_AndTheFirstStillServed()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var signal = new LoopSignal<int>(host.Loop);
            var first = signal.WaitAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => signal.WaitAsync().AsTask());
            signal.TrySetResult(1);
            Assert.False(signal.TrySetResult(2));
            Assert.Equal(1, await first);
            Assert.False(signal.TrySetResult(3));
        });
    }

    [Fact]
    public void ResultTakenTooEarlyOrTwice_IsRefused_AndTheWaitUnderWayIsStillServed()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var signal = new LoopSignal<int>(host.Loop);
            IValueTaskSource<int> source = signal;
            var token = signal.Begin();
            Assert.Throws<InvalidOperationException>(() => source.GetResult(token));
            Assert.True(signal.TrySetResult(1));
            Assert.Equal(1, source.GetResult(token));
            var next = signal.WaitAsync();
            Assert.Throws<InvalidOperationException>(() => source.GetResult(token));
            Assert.True(signal.TrySetResult(2));
            Assert.Equal(2, await next);
        });
    }

    [Fact]
    public void Exception_ReachesTheWaiter()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var signal = new LoopSignal<int>(host.Loop);
            var wait = signal.WaitAsync();
            signal.TrySetException(new IOException("planted"));
            await Assert.ThrowsAsync<IOException>(async () => await wait);
        });
    }
}
