namespace Mirage;

/// <summary>The host's text output, one whole line at a time.</summary>
public readonly struct HostConsole : IConsole<HostConsole>
{
    private readonly Host _host;

    private HostConsole(Host host) => _host = host;

    /// <inheritdoc/>
    public static Impl<HostConsole> Impl => Mirage.Impl.BootHost.Map(static host => new HostConsole(host));

    /// <inheritdoc/>
    public static void WriteLine(HostConsole console, string line) => console._host.Out.WriteLine(line);
}
