using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The far end of a user-mode network: a stack of its own beside the unikernel's, that carries connections
/// between it and the sockets of the machine. It needs no privilege, and nothing of a boot.</summary>
internal sealed class UserGateway
{
    private const int Backlog = 512;
    private static readonly TimeSpan s_closeLimit = TimeSpan.FromSeconds(2);

    private readonly SocketWorld _sockets;
    private readonly TcpIp<VirtualPort> _stack;
    private readonly UserNetwork _network;
    private readonly RelayLimit _relays;
    private readonly Dictionary<ushort, ushort> _hostPorts = [];
    private readonly Dictionary<ushort, TcpForward> _tcp = [];
    private readonly Dictionary<ushort, UdpForward> _udp = [];

    /// <param name="host">The host whose sockets stand for the outside.</param>
    /// <param name="port">The gateway's end of the link to the unikernel.</param>
    /// <param name="network">The addresses.</param>
    /// <param name="forwards">Ports of the unikernel that are another one outside; the last word on a port
    /// counts.</param>
    public UserGateway(UnixHost host, VirtualPort port, UserNetwork network, IReadOnlyList<PortForward> forwards)
    {
        _sockets = new(host);
        _stack = TcpIp<VirtualPort>.Create(host, port, network.Gateway);
        _network = network;
        _relays = new(host.Loop);
        foreach (var forward in forwards)
            _hostPorts[forward.Guest] = forward.Host;
    }

    /// <summary>Connections that are carried now.</summary>
    public int RelayCount => _relays.Count;

    /// <summary>Opens a port of 127.0.0.1 that leads to <paramref name="port"/> of the unikernel.</summary>
    public Either<NetworkError, Option<Endpoint>> Expose(IpProtocol protocol, ushort port)
    {
        var local = new Endpoint(IpAddress.LoopbackV4, _hostPorts.GetValueOrDefault(port, port));
        var guest = new Endpoint(_network.Guest, port);
        return protocol switch
        {
            IpProtocol.Tcp => _sockets.Listen(local, Backlog, default, static _ => { }).Match(
                Right: listener => Opened((_tcp[port] = new(listener, _stack, guest, _relays)).Reachable),
                Left: error => SocketErrors.OfBind(error, local)),
            IpProtocol.Udp => ExposeUdp(local, guest),
            _ => Option<Endpoint>.None,
        };
    }

    /// <summary>Closes what <see cref="Expose"/> opened. Connections that are open go on.</summary>
    public void Conceal(IpProtocol protocol, ushort port)
    {
        if (protocol == IpProtocol.Tcp && _tcp.Remove(port, out var tcp))
            tcp.Close();
        else if (protocol == IpProtocol.Udp && _udp.Remove(port, out var udp))
            udp.Close();
    }

    /// <summary>Closes every port, lets what the unikernel has sent reach its clients, for a bounded time, and ends the
    /// rest.</summary>
    public async ValueTask Close()
    {
        foreach (var port in _tcp.Keys.ToArray())
            Conceal(IpProtocol.Tcp, port);
        foreach (var port in _udp.Keys.ToArray())
            Conceal(IpProtocol.Udp, port);
        await _relays.WaitForAll(s_closeLimit);
        await TcpIp<VirtualPort>.Disconnect(_stack);
        await _sockets.Close();
    }

    private Either<NetworkError, Option<Endpoint>> ExposeUdp(Endpoint local, Endpoint guest)
    {
        var forward = new UdpForward(_sockets.Loop, _stack, guest);
        return _sockets.Bind(local, forward.Sink, static _ => { }).Match(
            Right: port => Opened((_udp[guest.Port] = forward.On(port)).Reachable),
            Left: error => SocketErrors.OfBind(error, local));
    }

    private static Either<NetworkError, Option<Endpoint>> Opened(Endpoint reachable) => Prelude.Some(reachable);
}
