using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The bound ports, and which of them a datagram goes to.</summary>
internal sealed class UdpPorts<TPort> where TPort : class
{
    /// <summary>Ports bound at a time.</summary>
    public const int CountMax = 16384;

    private readonly Dictionary<ushort, TPort> _wildcards = []; // Every address, everybody: most servers.
    private readonly Host _host;
    private Dictionary<UdpBinding, TPort>? _specific; // Null until there is one: most stacks have none.
    private readonly Dictionary<ushort, int> _specificNumbers = []; // How many of those have the number.
    private readonly Holding _holding;
    private int _connectedCount;

    private UdpPorts(Host host)
    {
        _host = host;
        _holding = host.Holdings.Add("UDP ports", () => Count);
    }

    public int Count => _wildcards.Count + (_specific?.Count ?? 0);

    public bool IsFull => Count >= CountMax;

    /// <summary>All of them.</summary>
    public IEnumerable<TPort> All => _wildcards.Values.Concat(_specific?.Values ?? Enumerable.Empty<TPort>());

    /// <summary>No port is bound yet.</summary>
    public static UdpPorts<TPort> On(Host host) => new(host);

    /// <summary>The port that takes datagrams to <paramref name="local"/> from <paramref name="remote"/>: one that is
    /// connected, else one that is bound to the address, else one of every address.</summary>
    public bool TryFind(Endpoint local, Endpoint remote, [MaybeNullWhen(false)] out TPort port)
    {
        if (_specific is not null)
        {
            if (_connectedCount > 0 && _specific.TryGetValue(new(local, remote), out port))
                return true;
            if (_specific.Count > _connectedCount && _specific.TryGetValue(new(local, default), out port))
                return true;
        }

        return TryFind(local.Port, out port);
    }

    /// <summary>The port that takes datagrams to every address from everybody.</summary>
    public bool TryFind(ushort number, [MaybeNullWhen(false)] out TPort port) =>
        _wildcards.TryGetValue(number, out port);

    /// <summary>Whether exactly that is bound.</summary>
    public bool Contains(in UdpBinding binding) => IsWildcard(binding)
        ? _wildcards.ContainsKey(binding.Local.Port)
        : _specific is not null && _specific.ContainsKey(binding);

    /// <summary>A number that nobody has bound; false when there is none, or too many are bound.</summary>
    public bool TryChoose(RandomSource random, in NetworkInfo link, out ushort number)
    {
        number = 0;
        return !IsFull && EphemeralPorts.TryChoose(random, link, IsFree, out number);
    }

    public void Add(in UdpBinding binding, TPort port)
    {
        if (IsWildcard(binding))
        {
            _wildcards.Add(binding.Local.Port, port);
            return;
        }

        _specific ??= new(new UdpBindingComparer(SipHash.Random(_host)));
        _specific.Add(binding, port);
        _specificNumbers[binding.Local.Port] = _specificNumbers.GetValueOrDefault(binding.Local.Port) + 1;
        _connectedCount += binding.IsConnected ? 1 : 0;
    }

    public void Remove(in UdpBinding binding)
    {
        var number = binding.Local.Port;
        if (IsWildcard(binding))
        {
            _wildcards.Remove(number);
            return;
        }

        if (_specific is null || !_specific.Remove(binding))
            return;
        _connectedCount -= binding.IsConnected ? 1 : 0;
        if (--_specificNumbers[number] == 0)
            _specificNumbers.Remove(number);
    }

    /// <summary>The layer is disconnected.</summary>
    public void Clear()
    {
        _wildcards.Clear();
        _specific = null;
        _specificNumbers.Clear();
        _connectedCount = 0;
        _holding.Dispose();
    }

    private static bool IsWildcard(in UdpBinding binding) =>
        !binding.IsConnected && binding.Local.Address.IsUnspecified;

    private bool IsFree(ushort number) => !_wildcards.ContainsKey(number) && !_specificNumbers.ContainsKey(number);
}
