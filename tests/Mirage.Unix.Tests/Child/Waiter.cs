namespace Mirage.Unix.Tests;

/// <summary>Says that it is ready, and ends when it is asked to.</summary>
internal readonly struct Waiter : IUnikernel<Waiter>
{
    private readonly Host _host;

    private Waiter(Host host) => _host = host;

    public static Impl<Waiter> Impl => Mirage.Impl.BootHost.Map(static host => new Waiter(host));

    public static async ValueTask Start(Waiter unikernel, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        using var registration = stop.Register(stopped.SetResult);
        await unikernel._host.Out.WriteLineAsync("ready");
        await stopped.Task;
        await unikernel._host.Out.WriteLineAsync(unikernel._host.Loop.IsCurrent ? "stopped" : "left the loop");
    }
}
