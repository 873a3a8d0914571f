namespace Mirage.Net;

/// <summary>Packets that wait while the link address of their next hop is asked for, RFC 1122 section 2.3.2.2; the
/// newest are kept.</summary>
internal sealed class PendingPackets
{
    public const int HopsMax = 64;
    public const int PacketsPerHopMax = 8;
    public const int BytesPerHopMax = 128 * 1024;

    private readonly Dictionary<IpAddress, Queue> _hops = [];

    public bool IsEmpty => _hops.Count == 0;

    /// <summary>Packets that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether packets wait for <paramref name="hop"/>, so that others must not overtake them.</summary>
    public bool Contains(IpAddress hop) => _hops.ContainsKey(hop);

    /// <summary>Adds a packet for <paramref name="hop"/>, before which <paramref name="displaced"/> older ones give
    /// way. False when too many hops are waited for.</summary>
    public bool TryAdd(IpAddress hop, PendingPacket packet, out bool isFirst, out int displaced)
    {
        displaced = 0;
        isFirst = !_hops.TryGetValue(hop, out var queue);
        if (isFirst && _hops.Count >= HopsMax)
            return false;
        if (queue is null)
            _hops.Add(hop, queue = new());

        queue.Packets.Enqueue(packet);
        Count++;
        queue.Bytes += packet.Bytes.Length;
        while (queue.Packets.Count > PacketsPerHopMax || (queue.Bytes > BytesPerHopMax && queue.Packets.Count > 1))
        {
            queue.Bytes -= queue.Packets.Dequeue().Bytes.Length;
            Count--;
            displaced++;
        }

        return true;
    }

    /// <summary>Takes every packet for <paramref name="hop"/>, the oldest first: nothing waits for it any
    /// longer.</summary>
    public IReadOnlyCollection<PendingPacket> Take(IpAddress hop)
    {
        if (!_hops.Remove(hop, out var queue))
            return [];
        Count -= queue.Packets.Count;
        return queue.Packets;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _hops.Clear();
        Count = 0;
    }

    private sealed class Queue
    {
        public Queue<PendingPacket> Packets { get; } = new();

        public int Bytes { get; set; }
    }
}
