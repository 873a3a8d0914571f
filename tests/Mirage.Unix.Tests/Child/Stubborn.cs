namespace Mirage.Unix.Tests;

/// <summary>Says that it was asked to end, and does not.</summary>
internal readonly struct Stubborn : IUnikernel<Stubborn>
{
    private readonly Host _host;

    private Stubborn(Host host) => _host = host;

    public static Impl<Stubborn> Impl => Mirage.Impl.BootHost.Map(static host => new Stubborn(host));

    public static async ValueTask Start(Stubborn unikernel, CancellationToken stop)
    {
        using var registration = stop.Register(() => unikernel._host.Out.WriteLine("never"));
        await unikernel._host.Out.WriteLineAsync("ready");
        await new TaskCompletionSource().Task;
    }
}
