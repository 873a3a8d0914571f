namespace Mirage.Testing.Tests;

/// <summary>Waiting as <typeparamref name="TSleep"/> does it.</summary>
public readonly struct PlantedTime<TSleep> : ITime<PlantedTime<TSleep>> where TSleep : ISleep
{
    private readonly Host _host;

    private PlantedTime(Host host) => _host = host;

    public static Impl<PlantedTime<TSleep>> Impl =>
        Mirage.Impl.BootHost.Map(static host => new PlantedTime<TSleep>(host));

    public static ValueTask Sleep(
        PlantedTime<TSleep> time, TimeSpan duration, CancellationToken cancellation = default) =>
        TSleep.Sleep(time._host, duration, cancellation);
}
