namespace Mirage;

/// <summary>The host's entropy: getrandom(2) on unix, the seed in simulation.</summary>
public readonly struct HostRandom : IRandom<HostRandom>
{
    private readonly Host _host;

    private HostRandom(Host host) => _host = host;

    /// <inheritdoc/>
    public static Impl<HostRandom> Impl => Mirage.Impl.BootHost.Map(static host => new HostRandom(host));

    /// <inheritdoc/>
    public static void Fill(HostRandom random, Span<byte> destination) => random._host.FillRandom(destination);
}
