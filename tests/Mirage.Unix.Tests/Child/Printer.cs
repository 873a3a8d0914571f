namespace Mirage.Unix.Tests;

/// <summary>Writes more than a pipe holds.</summary>
internal readonly struct Printer : IUnikernel<Printer>
{
    private readonly Host _host;

    private Printer(Host host) => _host = host;

    public static Impl<Printer> Impl => Mirage.Impl.BootHost.Map(static host => new Printer(host));

    public static ValueTask Start(Printer unikernel, CancellationToken stop)
    {
        for (var line = 0; line < 20_000; line++)
            unikernel._host.Out.WriteLine($"line {line} of more text than a pipe holds");
        return ValueTask.CompletedTask;
    }
}
