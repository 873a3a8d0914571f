using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The bound ports.</summary>
internal sealed class UdpPorts<TPort> where TPort : class
{
    /// <summary>Ports bound at a time.</summary>
    public const int CountMax = 16384;

    private readonly Dictionary<ushort, TPort> _ports = [];
    private readonly Holding _holding;

    private UdpPorts(Host host) => _holding = host.Holdings.Add("UDP ports", () => Count);

    public int Count => _ports.Count;

    /// <summary>No port is bound yet.</summary>
    public static UdpPorts<TPort> On(Host host) => new(host);

    public bool TryGet(ushort number, [MaybeNullWhen(false)] out TPort port) => _ports.TryGetValue(number, out port);

    /// <summary>A port that nobody has bound; false when there is none, or too many are bound.</summary>
    public bool TryChoose(RandomSource random, out ushort number)
    {
        number = 0;
        return !IsFull && EphemeralPorts.TryChoose(random, port => !_ports.ContainsKey(port), out number);
    }

    public void Add(ushort number, TPort port) => _ports.Add(number, port);

    public bool IsFull => Count >= CountMax;

    public void Remove(ushort number) => _ports.Remove(number);

    /// <summary>The layer is disconnected.</summary>
    public void Clear()
    {
        _ports.Clear();
        _holding.Dispose();
    }
}
