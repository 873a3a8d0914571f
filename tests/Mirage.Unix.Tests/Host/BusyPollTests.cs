namespace Mirage.Unix.Tests;

public sealed class BusyPollTests
{
    [Fact]
    public void NothingKnownYet_SleepsAtOnce() => Assert.Equal(0, new BusyPoll(100_000).Ns);

    [Fact]
    public void WaitsThatEndSoon_LookTwiceAsLongEachTime_UpToTheMost()
    {
        var poll = new BusyPoll(100_000);
        foreach (var expected in new long[] { 10_000, 20_000, 40_000, 80_000, 100_000, 100_000 })
        {
            poll.HandleWait(100_000, isInput: true);
            Assert.Equal(expected, poll.Ns);
        }
    }

    [Fact]
    public void WaitWithinTheLooking_KeepsIt()
    {
        var poll = new BusyPoll(100_000);
        poll.HandleWait(50_000, isInput: true);
        poll.HandleWait(9_000, isInput: true);
        Assert.Equal(10_000, poll.Ns);
    }

    [Fact]
    public void WaitsThatTimersEnd_DoNotMakeItLookLonger()
    {
        var poll = new BusyPoll(100_000);
        poll.HandleWait(50_000, isInput: false);
        Assert.Equal(0, poll.Ns);
    }

    [Fact]
    public void OneLongWait_SleepsAtOnceAgain()
    {
        var poll = new BusyPoll(100_000);
        poll.HandleWait(50_000, isInput: true);
        poll.HandleWait(100_001, isInput: true);
        Assert.Equal(0, poll.Ns);
    }

    [Fact]
    public void MostOfZero_NeverLooks()
    {
        var poll = new BusyPoll(0);
        poll.HandleWait(0, isInput: true);
        poll.HandleWait(1, isInput: true);
        Assert.Equal(0, poll.Ns);
    }
}
