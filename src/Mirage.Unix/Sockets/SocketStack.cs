using System.Buffers;
using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The kernel's TCP and UDP as a stack: MirageOS's <c>socket_stackv4v6</c>.</summary>
/// <remarks>
/// <para>The key <c>--listen-address</c> says where ports are open; it is 127.0.0.1 unless given, so that nothing is
/// served to a network by default. <c>0.0.0.0</c> is every IPv4 address of the machine, <c>::</c> every address.</para>
/// <para>A UDP port that was asked for as 0 is one to send from: it is bound to every address, for its datagrams may go
/// anywhere.</para>
/// <para><see cref="FlowOptions"/> become options of the socket. Bytes of a flow that is disposed are the kernel's, and
/// <see cref="FlowOptions.Linger"/> does not wait for the peer to have them.</para>
/// </remarks>
public readonly struct SocketStack : IStack<SocketStack>
{
    private static readonly Key<IpAddress> s_listenAddress = Key.Optional("listen-address", IpAddress.LoopbackV4,
        "The address of this machine to open ports on; 0.0.0.0 for all of IPv4, :: for all.",
        section: Ipv4Keys.Section);

    private readonly Core _core;

    private SocketStack(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<SocketStack> Impl => (Mirage.Impl.BootHost, s_listenAddress).Apply(Open).Connect();

    /// <inheritdoc/>
    public static IReadOnlyList<Cidr> Addresses(SocketStack stack) => MachineAddresses.Of(stack._core.ListenAddress);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        SocketStack tcp, Endpoint remote, CancellationToken cancellation = default) =>
        tcp._core.Connect(remote, default, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        SocketStack tcp, Endpoint remote, FlowOptions options, CancellationToken cancellation = default) =>
        tcp._core.Connect(remote, options, cancellation);

    /// <inheritdoc/>
    public static Either<TcpError, IListener> Listen(SocketStack tcp, ushort port, ListenOptions options = default) =>
        tcp._core.Listen(port, options);

    /// <inheritdoc/>
    public static Either<UdpError, UdpPort> Bind<THandler>(
        SocketStack udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler => udp._core.Bind(port, DatagramSink.Of(handler), options);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Write(
        SocketStack udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        Own(source).Send(destination, payload);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> WriteSegments(
        SocketStack udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentSize, 1);
        return Own(source).SendSegments(destination, payload, segmentSize);
    }

    /// <inheritdoc/>
    /// <remarks>Of IPv4, on the interface that the kernel's routes say, and for a port that was opened on every
    /// address: the kernel delivers nothing of a group to a port that has one.</remarks>
    public static Either<UdpError, Unit> Join(SocketStack udp, UdpPort port, IpAddress group) =>
        Own(port).Join(group);

    /// <inheritdoc/>
    public static void Leave(SocketStack udp, UdpPort port, IpAddress group) => Own(port).Leave(group);

    /// <inheritdoc/>
    public static ValueTask Disconnect(SocketStack device) => device._core.Close();

    /// <summary>A stack outside a boot, that opens its ports on <paramref name="listenAddress"/>.</summary>
    internal static SocketStack On(UnixHost host, IpAddress listenAddress) =>
        new(new Core(new SocketWorld(host), listenAddress));

    private static SocketUdpPort Own(UdpPort source) => source as SocketUdpPort
        ?? throw new ArgumentException("The port was bound on another stack.", nameof(source));

    private static ValueTask<Either<ConnectError, SocketStack>> Open(Host host, IpAddress listenAddress)
    {
        if (host is UnixHost unix)
            return new(On(unix, listenAddress));
        return new(new ConnectError(
            "a SocketStack needs a Linux process", "use TcpIp on a virtual link in simulation"));
    }

    private sealed class Core(SocketWorld world, IpAddress listenAddress)
    {
        private const int BacklogDefault = 128;

        private readonly System.Collections.Generic.HashSet<SocketListener> _listeners = [];
        private readonly System.Collections.Generic.HashSet<SocketUdpPort> _ports = [];
        private bool _isClosed;

        public IpAddress ListenAddress => listenAddress;

        public ValueTask<Either<TcpError, IFlow>> Connect(
            Endpoint remote, FlowOptions options, CancellationToken cancellation) => _isClosed
            ? new(Prelude.Left<TcpError, IFlow>(new TcpError.Closed()))
            : SocketConnector.Connect(world, remote, options, cancellation);

        public Either<TcpError, IListener> Listen(ushort port, ListenOptions options)
        {
            if (_isClosed)
                return Refuse(new TcpError.Closed());

            var local = new Endpoint(listenAddress, port);
            var backlog = options.Backlog > 0 ? options.Backlog : BacklogDefault;
            return world.Listen(local, backlog, options.Flow, listener => _listeners.Remove(listener)).Match(
                Right: listener =>
                {
                    _listeners.Add(listener);
                    return Prelude.Right<TcpError, IListener>(listener);
                },
                Left: error => Refuse(SocketErrors.OfListen(error, local)));
        }

        public Either<UdpError, UdpPort> Bind(ushort port, DatagramSink sink, BindOptions options)
        {
            if (_isClosed)
                return new UdpError.Closed();

            var isWildcard = options.LocalAddress.IsUnspecified;
            var address = !isWildcard ? options.LocalAddress : port == 0 ? default : listenAddress;
            var local = new Endpoint(address, port);
            var others = _ports.Where(other => port != 0 && other.Number == port).ToList();
            if (others.Exists(other => other.Remote == options.Remote
                && (other.Address == address || (isWildcard && other.IsWildcard))))
                return new UdpError.PortInUse(port);

            var opened = Open(local, sink, options, others);
            if (local == default && opened.IsLeft) // A kernel without IPv6.
                opened = Open(new(IpAddress.AnyV4, 0), sink, options, others);
            return opened.Match<Either<UdpError, UdpPort>>(
                Right: bound =>
                {
                    _ports.Add(bound);
                    return bound;
                },
                Left: error => SocketErrors.OfDatagramBind(error, local, options.Remote));
        }

        public async ValueTask Close()
        {
            _isClosed = true;
            foreach (var listener in _listeners.ToArray())
                await listener.DisposeAsync();
            foreach (var port in _ports.ToArray())
                port.HandleDisconnect();
            await world.Close();
        }

        // The kernel lets sockets share a number that all of them say it of. They say so only now, lest a socket of
        // another program take the port's datagrams.
        private Either<int, SocketUdpPort> Open(
            Endpoint local, DatagramSink sink, BindOptions options, List<SocketUdpPort> others)
        {
            others.ForEach(static other => other.Share(true));
            var opened = world.Bind(local, sink, Forget, options, isShared: others.Count > 0);
            others.ForEach(static other => other.Share(false));
            opened.IfRight(static bound => bound.Share(false));
            return opened;
        }

        private void Forget(SocketUdpPort port) => _ports.Remove(port);

        private static Either<TcpError, IListener> Refuse(TcpError error) => Prelude.Left<TcpError, IListener>(error);
    }
}
