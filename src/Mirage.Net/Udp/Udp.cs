using System.Buffers;
using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>UDP over any IP layer: MirageOS's <c>Udp.Make</c>.</summary>
/// <remarks>A datagram is handed to the handler of its port by one virtual call and is never copied or queued here: a
/// handler that wants to keep it, keeps it. Datagrams that a device merged are taken apart again.</remarks>
/// <typeparam name="TIp">The IP layer.</typeparam>
public readonly struct Udp<TIp> : IUdp<Udp<TIp>>, ITransport<Udp<TIp>> where TIp : struct, IIp<TIp>
{
    private readonly UdpCore<TIp> _core;

    private Udp(UdpCore<TIp> core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Udp<TIp>> Impl => (Of<TIp>(), BootHost).Apply(static (ip, host) => Create(host, ip));

    /// <summary>Makes the layer on <paramref name="host"/>'s loop in code; its input is given to it.</summary>
    public static Udp<TIp> Create(Host host, TIp ip)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new UdpCore<TIp>(ip, host));
    }

    /// <inheritdoc/>
    public static string Group => TIp.Group;

    /// <inheritdoc/>
    public static ValueTask Disconnect(Udp<TIp> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public static Either<UdpError, UdpPort> Bind<THandler>(
        Udp<TIp> udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler => udp._core.Bind(port, handler, options);

    /// <inheritdoc/>
    /// <remarks>A port of a stack that wraps this one is known by its number.</remarks>
    public static Either<UdpError, Unit> Write(
        Udp<TIp> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        udp._core.Write(source, destination, payload);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> WriteSegments(
        Udp<TIp> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentSize, 1);
        return udp._core.WriteSegments(source, destination, payload, segmentSize);
    }

    /// <inheritdoc/>
    public static bool Input(Udp<TIp> transport, in ReceivedPacket packet) => transport._core.Input(packet);

    /// <inheritdoc/>
    public static void Unreachable(
        Udp<TIp> transport, in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport) =>
        transport._core.Unreachable(quotation, quotedTransport);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Join(Udp<TIp> udp, UdpPort port, IpAddress group) =>
        udp._core.Join(port, group);

    /// <inheritdoc/>
    public static void Leave(Udp<TIp> udp, UdpPort port, IpAddress group) => udp._core.Leave(port, group);

    internal static UdpForwards Forwards(Udp<TIp> udp) => udp._core.Forwards;

    internal static UdpCounters Counters(Udp<TIp> udp) => udp._core.Counters;
}
