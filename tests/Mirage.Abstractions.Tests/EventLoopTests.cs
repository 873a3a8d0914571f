using Mirage.Testing;

namespace Mirage.Tests;

public sealed class EventLoopTests
{
    [Fact]
    public void Delays_FireInOrderOfTheirTime_WithoutWaiting()
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
            await Task.Run(() => Thread.Sleep(1));
            Assert.True(host.Loop.IsCurrent);
        });
    }
}
