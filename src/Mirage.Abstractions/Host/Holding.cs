namespace Mirage;

/// <summary>One entry of a host's <see cref="Holdings"/>: a pool or a table of a device, and how many things it holds
/// now.</summary>
public sealed class Holding : IDisposable
{
    private readonly Holdings _holdings;
    private readonly Func<long> _count;

    internal Holding(Holdings holdings, string name, Func<long> count) =>
        (_holdings, Name, _count) = (holdings, name, count);

    /// <summary>What is held, in the plural: <c>TCP connections</c>.</summary>
    public string Name { get; }

    /// <summary>How many are held now.</summary>
    public long Count => _count();

    /// <summary>The device is disconnected: the entry leaves the list as soon as nothing is held, and stays in it until
    /// then. Called again, does nothing.</summary>
    public void Dispose() => _holdings.Retire(this);

    /// <summary>The name and the count, as <c>TCP connections: 2</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Name}: {Count}");
}
