using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>Connections over any IP, <see href="https://www.rfc-editor.org/rfc/rfc9293">RFC 9293</see>.</summary>
/// <typeparam name="TIp">The IP layer below.</typeparam>
/// <typeparam name="TCongestion">How connections share the network: <see cref="Cubic"/>, <see cref="NewReno"/> or one
/// of a user's own.</typeparam>
public readonly struct Tcp<TIp, TCongestion> : ITcp<Tcp<TIp, TCongestion>>, ITransport<Tcp<TIp, TCongestion>>
    where TIp : struct, IIp<TIp>
    where TCongestion : struct, ICongestionControl
{
    private readonly TcpCore<TIp> _core;

    private Tcp(TcpCore<TIp> core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Tcp<TIp, TCongestion>> Impl =>
        (BootHost, Of<TIp>()).Apply(static (host, ip) => Create(host, ip));

    /// <inheritdoc/>
    public static string Group => TIp.Group;

    /// <summary>
    /// Makes a TCP on <paramref name="host"/>'s loop over <paramref name="ip"/>; its input is given to it.
    /// </summary>
    public static Tcp<TIp, TCongestion> Create(Host host, TIp ip)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new TcpCore<TIp>(host, ip, TCongestion.Create, TcpLimits.ConnectionsMax, TcpLimits.MemoryMax));
    }

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        Tcp<TIp, TCongestion> tcp, Endpoint remote, CancellationToken cancellation = default) =>
        tcp._core.Connect(remote, default, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        Tcp<TIp, TCongestion> tcp, Endpoint remote, FlowOptions options, CancellationToken cancellation = default) =>
        tcp._core.Connect(remote, options, cancellation);

    /// <inheritdoc/>
    public static Either<TcpError, IListener> Listen(
        Tcp<TIp, TCongestion> tcp, ushort port, ListenOptions options = default) =>
        tcp._core.Listen(port, options).Map(static IListener (listener) => listener);

    /// <summary>What it has done since it was connected.</summary>
    public static TcpCounters Counters(Tcp<TIp, TCongestion> tcp) => tcp._core.Tally.Counters;

    /// <inheritdoc/>
    public static bool Input(Tcp<TIp, TCongestion> transport, in ReceivedPacket packet)
    {
        transport._core.Input(packet);
        return true;
    }

    /// <inheritdoc/>
    public static void Unreachable(
        Tcp<TIp, TCongestion> transport, in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport) =>
        transport._core.Unreachable(quotation, quotedTransport);

    /// <summary>Resets what is open, waits shortly for the delivery of what was closed, and ends every wait with
    /// <see cref="TcpError.Closed"/>.</summary>
    public static ValueTask Disconnect(Tcp<TIp, TCongestion> device) => device._core.Disconnect();

    /// <summary>What it is behind the handle: a stack wires it.</summary>
    internal TcpCore<TIp> Core => _core;
}
