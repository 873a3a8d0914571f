using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The bound ports, and the choice of a free one by RFC 6056 section 3.3.1: a random start, then the next that
/// is free.</summary>
internal sealed class UdpPorts<TPort> where TPort : class
{
    /// <summary>Ports bound at a time.</summary>
    public const int CountMax = 16384;

    /// <summary>The first port that is given to who asks for any.</summary>
    public const int EphemeralFirst = 32768;

    private const int EphemeralCount = 65536 - EphemeralFirst;
    private readonly Dictionary<ushort, TPort> _ports = [];

    public int Count => _ports.Count;

    public bool TryGet(ushort number, [MaybeNullWhen(false)] out TPort port) => _ports.TryGetValue(number, out port);

    /// <summary>A port that nobody has bound; false when there is none, or too many are bound.</summary>
    public bool TryChoose(ushort random, out ushort number)
    {
        for (var step = 0; step < EphemeralCount && Count < CountMax; step++)
        {
            number = (ushort)(EphemeralFirst + ((random + step) % EphemeralCount));
            if (!_ports.ContainsKey(number))
                return true;
        }

        number = 0;
        return false;
    }

    public void Add(ushort number, TPort port) => _ports.Add(number, port);

    public bool IsFull => Count >= CountMax;

    public void Remove(ushort number) => _ports.Remove(number);

    public void Clear() => _ports.Clear();
}
