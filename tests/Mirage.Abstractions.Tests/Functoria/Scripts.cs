using static Mirage.Impl;

namespace Mirage.Tests;

/// <summary>What a <see cref="Job{TScript}"/> does.</summary>
internal interface IScript
{
    static abstract ValueTask Run(Host host, CancellationToken stop);
}

/// <summary>A unikernel over device A that runs a script.</summary>
internal readonly struct Job<TScript> : IUnikernel<Job<TScript>> where TScript : struct, IScript
{
    private readonly Host _host;

    private Job(Host host) => _host = host;

    public static Impl<Job<TScript>> Impl =>
        (Of<Part<A>>(), BootHost).Apply(static (_, host) => new Job<TScript>(host));

    public static ValueTask Start(Job<TScript> unikernel, CancellationToken stop) => TScript.Run(unikernel._host, stop);
}

internal readonly struct Says<TTag> : IScript where TTag : struct, ITag
{
    public static async ValueTask Run(Host host, CancellationToken stop)
    {
        host.Out.WriteLine($"begin {TTag.Name}");
        await Task.Delay(TimeSpan.FromSeconds(1), host.Time, stop);
        host.Out.WriteLine($"end {TTag.Name}");
    }
}

internal readonly struct Fails : IScript
{
    public static async ValueTask Run(Host host, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), host.Time, stop);
        throw new InvalidOperationException("boom");
    }
}

/// <summary>Asks for its own end after a second, and then honours that.</summary>
internal readonly struct Stops : IScript
{
    public static async ValueTask Run(Host host, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), host.Time, stop);
        host.RequestStop();
        await Task.Delay(Timeout.InfiniteTimeSpan, host.Time, stop);
    }
}

/// <summary>Asks for its own end and cleans up for some seconds.</summary>
internal readonly struct StopsSlowly : IScript
{
    public static async ValueTask Run(Host host, CancellationToken stop)
    {
        host.RequestStop();
        await Task.Delay(Boot.StopLimit - TimeSpan.FromMilliseconds(1), host.Time, CancellationToken.None);
        host.Out.WriteLine("cleaned up");
    }
}

/// <summary>Asks for its own end and goes on for ever.</summary>
internal readonly struct NeverEnds : IScript
{
    public static ValueTask Run(Host host, CancellationToken stop)
    {
        host.RequestStop();
        return new(new TaskCompletionSource().Task);
    }
}

/// <summary>Cancels something of its own, which is no request to stop.</summary>
internal readonly struct CancelsItself : IScript
{
    public static ValueTask Run(Host host, CancellationToken stop) => throw new OperationCanceledException("given up");
}

/// <summary>Leaves a callback on the loop that throws, and waits.</summary>
internal readonly struct PoisonsTheLoop : IScript
{
    public static ValueTask Run(Host host, CancellationToken stop)
    {
        host.Loop.Post(static _ => throw new InvalidOperationException("in a callback"), null);
        return new(Task.Delay(TimeSpan.FromHours(1), host.Time, stop));
    }
}

/// <summary>Ends the loop from outside the boot's order.</summary>
internal readonly struct EndsTheLoop : IScript
{
    public static ValueTask Run(Host host, CancellationToken stop)
    {
        host.Loop.Stop();
        return new(Task.Delay(TimeSpan.FromHours(1), host.Time, stop));
    }
}
