using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>A UDP port of the machine whose datagrams go on to a port of the unikernel, with a port of the gateway for
/// each client so that answers find their way back.</summary>
internal sealed class UdpForward
{
    /// <summary>Clients at once; a new one takes the place of the one that was silent longest.</summary>
    public const int ClientsMax = 256;

    private readonly Dictionary<Endpoint, Client> _clients = [];
    private readonly EventLoop _loop;
    private readonly TcpIp<VirtualPort> _gateway;
    private readonly Endpoint _guest;
    private readonly byte[] _payload = GC.AllocateUninitializedArray<byte>(ushort.MaxValue);
    private SocketUdpPort? _port;

    public UdpForward(EventLoop loop, TcpIp<VirtualPort> gateway, Endpoint guest) =>
        (_loop, _gateway, _guest) = (loop, gateway, guest);

    /// <summary>What the machine's port calls.</summary>
    public DatagramSink Sink => DatagramSink.Of(new FromClients(this));

    /// <summary>Clients that are remembered.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>The end that clients send to.</summary>
    public Endpoint Reachable => _port!.Reachable;

    /// <summary>Begins with the machine's port, which is this one's from now on.</summary>
    public UdpForward On(SocketUdpPort port)
    {
        _port = port;
        return this;
    }

    public void Close()
    {
        _port?.Dispose();
        foreach (var client in _clients.Values)
            client.Port.Dispose();
        _clients.Clear();
    }

    private void TakeFromClient(Endpoint source, ReadOnlySpan<byte> payload)
    {
        if (!_clients.TryGetValue(source, out var client) && !TryAdd(source, out client))
            return; // The gateway has no port left: the datagram is lost, as on a wire.
        client.LastNs = _loop.NowNs;
        _ = TcpIp<VirtualPort>.Write(_gateway, client.Port, _guest, Copy(payload));
    }

    private void TakeFromGuest(Endpoint client, Endpoint source, ReadOnlySpan<byte> payload)
    {
        if (source != _guest)
            return; // Only the port that the client wrote to may answer it.
        if (_clients.TryGetValue(client, out var entry))
            entry.LastNs = _loop.NowNs;
        _ = _port?.Send(client, Copy(payload));
    }

    private bool TryAdd(Endpoint source, [NotNullWhen(true)] out Client? client)
    {
        if (_clients.Count >= ClientsMax)
            RemoveOldest();
        TcpIp<VirtualPort>.Bind(_gateway, 0, new FromGuest(this, source))
            .IfRight(port => _clients[source] = new Client(port));
        return _clients.TryGetValue(source, out client);
    }

    private void RemoveOldest()
    {
        var oldest = _clients.MinBy(static client => client.Value.LastNs);
        oldest.Value.Port.Dispose();
        _clients.Remove(oldest.Key);
    }

    private ReadOnlySequence<byte> Copy(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_payload);
        return new(_payload, 0, payload.Length);
    }

    private sealed class Client(UdpPort port)
    {
        public UdpPort Port { get; } = port;

        public long LastNs { get; set; }
    }

    private readonly struct FromClients(UdpForward forward) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            forward.TakeFromClient(source, payload);

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }

    private readonly struct FromGuest(UdpForward forward, Endpoint client) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            forward.TakeFromGuest(client, source, payload);

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
