namespace Mirage.Testing.Tests;

/// <summary>Random bytes as <typeparamref name="TSource"/> gives them.</summary>
public readonly struct PlantedRandom<TSource> : IRandom<PlantedRandom<TSource>> where TSource : ISource
{
    private readonly SplitMix64 _random;

    private PlantedRandom(SplitMix64 random) => _random = random;

    public static Impl<PlantedRandom<TSource>> Impl => Mirage.Impl.BootHost.Map(static host =>
        new PlantedRandom<TSource>(new SplitMix64(((SimHost)host).Seed)));

    public static void Fill(PlantedRandom<TSource> random, Span<byte> destination) =>
        TSource.Fill(random._random, destination);
}
