namespace Mirage.Net;

/// <summary>Decides by lot which frames a fault strikes.</summary>
internal sealed class LinkChance
{
    private readonly int _permille;
    private readonly LinkDirections _directions;

    public LinkChance(Host host, int permille, LinkDirections directions)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentOutOfRangeException.ThrowIfNegative(permille);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permille, 1000);
        (_permille, _directions, Random) = (permille, directions, new RandomSource(host));
    }

    public RandomSource Random { get; }

    /// <summary>
    /// Whether the next frame of <paramref name="direction"/> is struck. A chance of none draws no lot.
    /// </summary>
    public bool Strikes(LinkDirections direction) =>
        _permille > 0 && (_directions & direction) != 0 && Random.Below(1000) < _permille;
}
