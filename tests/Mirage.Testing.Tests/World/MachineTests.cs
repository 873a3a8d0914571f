using Mirage.Net;

namespace Mirage.Testing.Tests;

public sealed class MachineTests
{
    private readonly SimWorld _world = new(1);

    [Fact]
    public void Crash_CodeUnderWay_RunsNoMoreNotEvenItsFinally()
    {
        var log = new List<string>();
        var machine = _world.AddMachine("m");
        machine.Run(async host =>
        {
            try
            {
                log.Add("begun");
                await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
                log.Add("went on");
            }
            finally
            {
                log.Add("finally");
            }
        });
        _world.At(TimeSpan.FromSeconds(1), machine.Crash);
        _world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(["begun"], log);
        Assert.False(machine.IsUp);
        Assert.Null(machine.Exit);
    }

    [Fact]
    public void Restart_AfterCrash_RunsTheProgramOnANewHost()
    {
        var hosts = new List<SimHost>();
        var machine = _world.AddMachine("m");
        machine.Run(async host =>
        {
            hosts.Add(host);
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Time);
        });
        _world.Run(TimeSpan.FromSeconds(1));
        machine.Crash();
        machine.Crash();
        machine.Restart();
        machine.Restart();
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(2, machine.Boots);
        Assert.Equal(2, hosts.Count);
        Assert.NotSame(hosts[0], hosts[1]);
        Assert.NotEqual(hosts[0].Seed, hosts[1].Seed);
    }

    [Fact]
    public void Restart_ProgramThatEndedByItself_StaysOff()
    {
        var machine = _world.AddMachine("m");
        machine.Run(static _ => ValueTask.CompletedTask);
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, machine.Exit);
        machine.Restart();
        Assert.False(machine.IsUp);
        Assert.Equal(1, machine.Boots);
    }

    [Fact]
    public void Restart_NeverBooted_Throws() =>
        Assert.Throws<InvalidOperationException>(_world.AddMachine("m").Restart);

    [Fact]
    public void Boot_ProgramRunning_Throws()
    {
        var machine = _world.AddMachine("m");
        machine.Run(static host => new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time)));
        Assert.Throws<InvalidOperationException>(() => machine.Run(static _ => ValueTask.CompletedTask));
    }

    [Fact]
    public void Pause_TimersOfTheMachine_WaitForItsEnd()
    {
        TimeSpan? fired = null;
        var machine = _world.AddMachine("m");
        machine.Run(async host =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), host.Time);
            fired = _world.Now;
        });
        _world.At(TimeSpan.FromSeconds(1), () => machine.Pause(TimeSpan.FromSeconds(5)));
        _world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(6), fired);
    }

    [Fact]
    public void Pause_ShorterOneDuringALonger_DoesNotEndIt()
    {
        var machine = _world.AddMachine("m");
        machine.Run(static host => new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time)));
        machine.Pause(TimeSpan.FromSeconds(10));
        machine.Pause(TimeSpan.FromSeconds(1));
        _world.Run(TimeSpan.FromSeconds(9));
        Assert.True(machine.IsPaused);
        machine.Pause(TimeSpan.MaxValue);
        _world.Run(TimeSpan.FromDays(1000));
        Assert.True(machine.IsPaused);
    }

    [Fact]
    public void Crash_InItsFirstStep_IsACrash_AndItRunsAgain()
    {
        var begun = 0;
        var machine = _world.AddMachine("m");
        machine.Run(async host =>
        {
            if (++begun == 1)
                machine.Crash();
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Time);
        });
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.False(machine.IsUp);
        machine.Restart();
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.True(machine.IsUp);
        Assert.Equal(2, begun);
    }

    [Fact]
    public void Crash_FromACallback_LetsNothingElseRunThatWasReady()
    {
        var log = new List<string>();
        var machine = _world.AddMachine("m");
        machine.Run(async host =>
        {
            host.Loop.Post(_ => machine.Crash(), null);
            try
            {
                await Task.Yield();
                log.Add("went on");
            }
            finally
            {
                log.Add("finally");
            }
        });
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.Empty(log);
    }

    [Fact]
    public void Attach_SecondOfAKindAndName_Throws()
    {
        var machine = _world.AddMachine("m");
        machine.Attach("", new SimDisk(512, 8));
        machine.Attach("data", new SimDisk(512, 8));
        _world.AddNet().Attach(machine);
        Assert.Throws<ArgumentException>(() => machine.Attach("", new SimDisk(512, 8)));
        Assert.Throws<ArgumentException>(() => machine.Attach("two words", new SimDisk(512, 8)));
        Assert.Throws<ArgumentException>(() => _world.AddNet("other").Attach(machine));
    }

    [Fact]
    public void Open_Machine_IsLeftToItsCaller()
    {
        var machine = _world.AddMachine("m");
        var host = machine.Open();
        host.Run(async () => await Task.Delay(TimeSpan.FromHours(1), host.Time));
        Assert.Equal(TimeSpan.FromHours(1), _world.Now);
        machine.Crash();
        Assert.Throws<InvalidOperationException>(machine.Restart);
        _world.Heal();
        Assert.False(machine.IsUp);
    }

    [Fact]
    public void Stop_Unikernel_EndsInOrder()
    {
        var machine = _world.AddMachine("m");
        _world.AddNet().Attach(machine);
        machine.Boot<Idle<TcpIp<SimNetif>>>("--ipv4=10.0.0.1/24");
        _world.At(TimeSpan.FromSeconds(1), machine.Stop);
        _world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(ExitCode.Done, machine.Exit);
    }

    [Fact]
    public void Boot_NoPort_EndsTheRunWithTheSentenceOfTheBoot()
    {
        var error = Assert.Throws<SimFailureException>(() =>
        {
            _world.AddMachine("m").Boot<Idle<TcpIp<SimNetif>>>("--ipv4=10.0.0.1/24");
            _world.Run(TimeSpan.FromSeconds(1));
        });
        Assert.Contains("m ended with exit code 69", error.Message, StringComparison.Ordinal);
        Assert.Contains("attach one with SimNet.Attach", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramThrows_Run_EndsWithItsMachineAndItsException()
    {
        _world.AddMachine("m").Run(static async host =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), host.Time);
            throw new InvalidDataException("what was read is wrong");
        });
        var error = Assert.Throws<SimFailureException>(() => _world.Run(TimeSpan.FromMinutes(1)));
        Assert.Equal("m failed at 00:00:03: InvalidDataException: what was read is wrong", error.Message);
        Assert.IsType<InvalidDataException>(error.InnerException);
    }

    [Fact]
    public void CallbackThrows_Run_EndsWithItsMachine()
    {
        var machine = _world.AddMachine("m");
        machine.Run(static host =>
        {
            host.Loop.Post(static _ => throw new InvalidDataException("in a callback"), null);
            return new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time));
        });
        var error = Assert.Throws<SimFailureException>(() => _world.Run(TimeSpan.FromMinutes(1)));
        Assert.Contains("in a callback", error.Message, StringComparison.Ordinal);
        Assert.False(machine.IsUp);
    }

    [Fact]
    public void RunsOnAndOn_Run_EndsWithItsMachine()
    {
        _world.AddMachine("m").Run(static async _ =>
        {
            while (true)
                await Task.Yield();
        });
        var error = Assert.Throws<SimFailureException>(() => _world.Run(TimeSpan.FromMinutes(1)));
        Assert.Contains("m runs on and on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Await_NeverHolds_SaysWhatWasWaitedFor()
    {
        var error = Assert.Throws<SimFailureException>(() =>
            _world.Await("the end of the world", static () => false, TimeSpan.FromDays(1)));
        Assert.Equal("the end of the world: not within 1.00:00:00, at 1.00:00:00.", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("*")]
    [InlineData("a,b")]
    public void AddMachine_NameThatAPlanCannotSay_Throws(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => _world.AddMachine(name));

    [Fact]
    public void AddMachine_NameTwice_Throws()
    {
        _world.AddMachine("m");
        Assert.Throws<ArgumentException>(() => _world.AddMachine("m"));
    }

    [Fact]
    public void Drift_TimerOfTheMachine_FollowsItsClock()
    {
        TimeSpan? fired = null;
        var machine = _world.AddMachine("m");
        machine.Clock.Drift(100_000); // A tenth too fast.
        machine.Run(async host =>
        {
            await Task.Delay(TimeSpan.FromSeconds(11), host.Time);
            fired = _world.Now;
        });
        _world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(10), fired);
    }

    [Fact]
    public void Step_TimeOfDay_JumpsAndTimersDoNot()
    {
        var times = new List<TimeSpan>();
        var machine = _world.AddMachine("m");
        machine.Run(async host =>
        {
            var start = host.Loop.UtcNow;
            await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
            times.Add(host.Loop.UtcNow - start);
            times.Add(_world.Now);
        });
        _world.At(TimeSpan.FromSeconds(5), () => machine.Clock.Step(TimeSpan.FromHours(-1)));
        _world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal([TimeSpan.FromSeconds(10) - TimeSpan.FromHours(1), TimeSpan.FromSeconds(10)], times);
        Assert.Equal(TimeSpan.FromHours(-1), machine.Clock.Offset);
    }
}
