namespace Mirage.Unix;

/// <summary>What the kernel's errors mean at the signatures.</summary>
internal static class SocketErrors
{
    /// <summary>Whether the process or the system has no descriptor or memory left: waiting may help, trying again at
    /// once does not.</summary>
    public static bool IsExhausted(int error) =>
        error is Errno.NoFiles or Errno.NoSystemFiles or Errno.NoBuffers or Errno.NoMemory;

    /// <summary>Why a connection to <paramref name="remote"/> was not established or broke.</summary>
    public static TcpError OfConnection(int error, Endpoint remote) => error switch
    {
        Errno.ConnectionRefused => new TcpError.Refused(remote),
        Errno.TimedOut => new TcpError.Timeout(remote),
        Errno.HostUnreachable => new TcpError.Unreachable(remote, IcmpUnreachable.Host),
        Errno.NetworkUnreachable or Errno.NetworkDown or Errno.Invalid or Errno.FamilyUnsupported =>
            new TcpError.NoRoute(remote.Address),
        Errno.AccessDenied or Errno.NotPermitted => new TcpError.Unreachable(remote, IcmpUnreachable.Prohibited),
        Errno.AddressUnavailable or Errno.AddressInUse => new TcpError.NoFreePort(),
        _ when IsExhausted(error) => new TcpError.TooManyConnections(),
        _ => new TcpError.Reset(remote), // ECONNRESET, EPIPE and what else ends an established connection.
    };

    /// <summary>Why <paramref name="local"/> could not be listened on.</summary>
    public static TcpError OfListen(int error, Endpoint local) => error switch
    {
        Errno.AddressInUse when local.Port == 0 => new TcpError.NoFreePort(),
        Errno.AddressInUse => new TcpError.PortInUse(local.Port),
        _ when IsExhausted(error) => new TcpError.TooManyConnections(),
        _ => new TcpError.Link(OfBind(error, local)),
    };

    /// <summary>Why <paramref name="local"/> could not be bound for datagrams, or connected to
    /// <paramref name="remote"/>.</summary>
    public static UdpError OfDatagramBind(int error, Endpoint local, Endpoint? remote) => error switch
    {
        Errno.AddressInUse when local.Port == 0 => new UdpError.NoFreePort(),
        Errno.AddressInUse => new UdpError.PortInUse(local.Port),
        Errno.NetworkUnreachable or Errno.HostUnreachable or Errno.NetworkDown or Errno.Invalid
            or Errno.FamilyUnsupported when remote is { } peer => new UdpError.NoRoute(peer.Address),
        _ => new UdpError.Link(OfBind(error, local)),
    };

    /// <summary>Why the kernel refuses <paramref name="local"/>.</summary>
    public static NetworkError OfBind(int error, Endpoint local) => error switch
    {
        Errno.AddressInUse => new NetworkError.PortInUse(local),
        Errno.AccessDenied or Errno.NotPermitted => new NetworkError.PermissionDenied(local),
        Errno.AddressUnavailable => new NetworkError.Unavailable($"{local.Address} is no address of this machine"),
        _ => new NetworkError.Unavailable($"{local} cannot be opened: {Errno.Describe(error)}"),
    };
}
