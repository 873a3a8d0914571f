namespace Mirage.Testing.Tests;

/// <summary>A monotonic clock that shows what <typeparamref name="TReading"/> says.</summary>
public readonly struct PlantedClock<TReading> : IMClock<PlantedClock<TReading>> where TReading : IReading
{
    private readonly Core _core;

    private PlantedClock(Core core) => _core = core;

    public static Impl<PlantedClock<TReading>> Impl =>
        Mirage.Impl.BootHost.Map(static host => new PlantedClock<TReading>(new Core(host)));

    public static long ElapsedNs(PlantedClock<TReading> clock) =>
        TReading.Read(clock._core.Host, ++clock._core.Readings);

    public static long? PeriodNs(PlantedClock<TReading> clock) => null;

    private sealed class Core(Host host)
    {
        public Host Host { get; } = host;

        public int Readings { get; set; }
    }
}
