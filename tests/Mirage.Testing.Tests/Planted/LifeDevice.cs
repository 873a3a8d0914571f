namespace Mirage.Testing.Tests;

/// <summary>A device whose life cycle goes as <typeparamref name="TLife"/> says.</summary>
public readonly struct LifeDevice<TLife> : IDevice<LifeDevice<TLife>> where TLife : ILife
{
    private readonly Core _core;

    private LifeDevice(Core core) => _core = core;

    public static Impl<LifeDevice<TLife>> Impl => Mirage.Impl.BootHost.Map(static host =>
    {
        TLife.Connected(host);
        return new LifeDevice<TLife>(new Core(host));
    });

    public static ValueTask Disconnect(LifeDevice<TLife> device) =>
        TLife.Disconnect(device._core.Host, ++device._core.Disconnects);

    private sealed class Core(Host host)
    {
        public Host Host { get; } = host;

        public int Disconnects { get; set; }
    }
}
