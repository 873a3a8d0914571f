namespace Mirage;

/// <summary>What the devices of one host hold: buffers, connections, ports, timers, descriptors. Once everything is
/// disconnected, all counts are 0.</summary>
/// <remarks>A pool or a table enters itself when it is made and counts for itself, so that holding costs nothing
/// extra. For the loop's thread, and for whoever makes devices before it runs.</remarks>
public sealed class Holdings
{
    private readonly List<Holding> _connected = [];
    private readonly List<Holding> _retired = []; // Of disconnected devices: mostly those that forgot something.

    internal Holdings() { }

    /// <summary>Entries of devices that are connected, and of those that are not and still hold something.</summary>
    public IReadOnlyList<Holding> All
    {
        get
        {
            Prune();
            return [.. _connected, .. _retired];
        }
    }

    /// <summary>The entries that hold something now.</summary>
    public IReadOnlyList<Holding> Held => [.. All.Where(static holding => holding.Count != 0)];

    /// <summary>Enters a pool or a table of a device.</summary>
    /// <param name="name">What it holds, in the plural: <c>TCP connections</c>.</param>
    /// <param name="count">How many it holds now.</param>
    /// <returns>The entry, which the device disposes when it is disconnected.</returns>
    public Holding Add(string name, Func<long> count)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(count);
        Prune(); // So that a host on which devices come and go for years keeps no entry of those that left in order.
        var holding = new Holding(this, name, count);
        _connected.Add(holding);
        return holding;
    }

    internal void Retire(Holding holding)
    {
        if (_connected.Remove(holding) && holding.Count != 0)
            _retired.Add(holding);
    }

    private void Prune() => _retired.RemoveAll(static holding => holding.Count == 0);
}
