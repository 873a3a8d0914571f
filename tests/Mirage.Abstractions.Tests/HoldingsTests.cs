using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>What a host says that its devices hold.</summary>
public sealed class HoldingsTests
{
    [Fact]
    public void NewHost_HoldsNothing()
    {
        using var host = new SimHost();
        Assert.Empty(host.Holdings.Held);
        Leaks.AssertNone(host);
    }

    [Fact]
    public void Entry_WithACount_IsHeldUntilTheCountIsZero()
    {
        using var host = new SimHost();
        var count = 2L;
        host.Holdings.Add("doors", () => count);
        Assert.Equal("doors: 2", Assert.Single(host.Holdings.Held).ToString());
        Assert.Equal("Not given back: doors: 2.", Assert.Throws<LeakException>(() => Leaks.AssertNone(host)).Message);
        count = 0;
        Assert.Empty(host.Holdings.Held);
    }

    [Fact]
    public void DisconnectedDevice_ThatHoldsNothing_LeavesTheList()
    {
        using var host = new SimHost();
        var before = host.Holdings.All.Count;
        var holding = host.Holdings.Add("doors", () => 0);
        Assert.Equal(before + 1, host.Holdings.All.Count);
        holding.Dispose();
        holding.Dispose();
        Assert.Equal(before, host.Holdings.All.Count);
    }

    [Fact]
    public void DisconnectedDevice_ThatHoldsSomething_StaysUntilItIsGivenBack()
    {
        using var host = new SimHost();
        var before = host.Holdings.All.Count;
        var count = 1L;
        host.Holdings.Add("doors", () => count).Dispose();
        Assert.Throws<LeakException>(() => Leaks.AssertNone(host));
        count = 0;
        Leaks.AssertNone(host);
        Assert.Equal(before, host.Holdings.All.Count);
    }

    [Fact]
    public void ArmedTimer_IsHeld() => Run(host =>
    {
        var timer = host.Loop.CreateTimer(static _ => { }, null);
        timer.Arm(host.Loop.NowNs + 1);
        Assert.Equal("armed timers: 1", Assert.Single(host.Holdings.Held).ToString());
        timer.Disarm();
        Leaks.AssertNone(host);
    });

    [Fact]
    public void InputThatIsAskedFor_IsHeldUntilItIsTaken() => Run(host =>
    {
        host.Loop.RequestInput(new Input());
        Assert.Equal("inputs that wait for the loop", Assert.Single(host.Holdings.Held).Name);
    });

    private static void Run(Action<SimHost> body)
    {
        using var host = new SimHost();
        host.Run(() =>
        {
            body(host);
            return ValueTask.CompletedTask;
        });
    }

    private sealed class Input : ILoopInput
    {
        public bool TakeBatch() => false;
    }
}
