using System.Buffers;
using LanguageExt;

namespace Mirage.Net;

/// <summary>Datagrams to multicast groups, RFC 1112.</summary>
internal sealed partial class UdpCore<TIp>
{
    /// <summary>Own datagrams that wait for the ports of this host which are in their group.</summary>
    public const int LoopbackMax = 64;

    private readonly UdpGroups _groups = new();
    private int _loopbackCount;

    public Either<UdpError, Unit> Join(UdpPort source, IpAddress group)
    {
        if (_isDisconnected || !TryGetBound(source, out var port))
            return new UdpError.Closed();
        if (!group.IsMulticast)
            return Refuse($"{group} is no multicast group");
        if (_groups.Of(group).Contains(port))
            return Unit.Default;
        if (_groups.IsFull || !TIp.Join(ip, group))
            return Refuse($"the stack takes no group {group}, or no more of them");
        _groups.Add(port, group);
        return Unit.Default;
    }

    public void Leave(UdpPort source, IpAddress group)
    {
        if (TryGetBound(source, out var port) && _groups.Remove(port, group))
            TIp.Leave(ip, group);
    }

    private void LeaveAll(BoundPort port)
    {
        foreach (var group in _groups.Of(port))
        {
            _groups.Remove(port, group);
            TIp.Leave(ip, group);
        }
    }

    // RFC 1112 section 7.1: of each port which is in the group, and in the group alone.
    private void DeliverToGroup(
        Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload, ushort segmentSize)
    {
        var isTaken = false;
        foreach (var port in _groups.Of(destination.Address))
        {
            var (local, remote) = (port.Binding.Local, port.Binding.Remote);
            if (!port.IsBound || local.Port != destination.Port || (port.Binding.IsConnected && remote != source))
                continue;
            isTaken = true;
            Deliver(port, source, destination, payload, segmentSize);
        }

        if (!isTaken)
            Counters.NoPorts++;
    }

    // In a turn of its own: a handler that answers what it hears would be called from within itself without end.
    private void LoopBack(Endpoint source, Endpoint destination, in ReadOnlySequence<byte> payload, int segmentSize)
    {
        if (_groups.Of(destination.Address).Length == 0)
            return;
        if (_loopbackCount >= LoopbackMax)
        {
            Counters.LoopbackDrops++;
            return;
        }

        _loopbackCount++;
        if (source.Address.IsUnspecified)
            source = source with { Address = Address };
        var (bytes, size) = (payload.ToArray(), (ushort)segmentSize);
        host.Loop.Post(_ =>
        {
            _loopbackCount--;
            if (!_isDisconnected)
                DeliverToGroup(source, destination, bytes, size);
        }, null);
    }

    private static UdpError.Link Refuse(string reason) => new UdpError.Link(new NetworkError.Unavailable(reason));
}
