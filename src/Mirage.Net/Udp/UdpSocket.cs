using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LanguageExt;

namespace Mirage.Net;

/// <summary>A port of UDP that is read when its owner is ready to, over any stack: what a socket is
/// elsewhere.</summary>
/// <remarks>
/// <para>Datagrams that come meanwhile wait in a bounded queue, which costs a copy that a handler of
/// <see cref="IUdp{TSelf}.Bind"/> does not make. When it is full, the newest is dropped and counted.</para>
/// <para>An error about an earlier datagram is told once, by the next <see cref="ReceiveAsync"/> or
/// <see cref="TryTakeError"/>, and holds no datagram up: neither one that is sent nor one that has come.</para>
/// <para>For one thread: that of the loop.</para>
/// </remarks>
/// <typeparam name="TUdp">The transport.</typeparam>
public sealed class UdpSocket<TUdp> : IDisposable where TUdp : struct, IUdp<TUdp>
{
    /// <summary>Bytes that wait to be received unless the options say otherwise.</summary>
    public const int ReceiveBytesDefault = 256 * 1024;

    /// <summary>Datagrams that wait to be received unless the options say otherwise.</summary>
    public const int ReceiveDatagramsDefault = 1024;

    private readonly TUdp _udp;
    private readonly UdpReceiver _receiver;
    private readonly UdpPort _port;
    private readonly Holding _holding;

    private UdpSocket(Host host, TUdp udp, UdpPort port, UdpReceiver receiver, Endpoint? remote)
    {
        (_udp, _port, _receiver, Remote) = (udp, port, receiver, remote);
        _holding = host.Holdings.Add("datagrams that wait to be received", () => receiver.Count);
    }

    /// <summary>The number of the socket's port.</summary>
    public ushort Port => _port.Number;

    /// <summary>The end that clients send to.</summary>
    public Endpoint Reachable => _port.Reachable;

    /// <summary>The peer that the socket is connected to; null for everybody.</summary>
    public Endpoint? Remote { get; }

    /// <summary>Datagrams that were dropped because too many, or too many bytes of them, waited to be
    /// received.</summary>
    public long Dropped => _receiver.Dropped;

    /// <summary>Opens a socket on <paramref name="port"/> of <paramref name="udp"/>, or on a free one for 0.</summary>
    /// <param name="host">The host of the stack.</param>
    /// <param name="udp">The transport.</param>
    /// <param name="port">The port.</param>
    /// <param name="options">What the socket takes, and how much of it waits.</param>
    public static Either<UdpError, UdpSocket<TUdp>> Open(
        Host host, TUdp udp, ushort port = 0, UdpSocketOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ReceiveBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ReceiveDatagramsMax);
        var receiver = new UdpReceiver(
            host.Loop,
            options.ReceiveBytesMax == 0 ? ReceiveBytesDefault : options.ReceiveBytesMax,
            options.ReceiveDatagramsMax == 0 ? ReceiveDatagramsDefault : options.ReceiveDatagramsMax);
        return TUdp.Bind(udp, port, new Handler(receiver), options.Bind)
            .Map(bound => new UdpSocket<TUdp>(host, udp, bound, receiver, options.Bind.Remote));
    }

    /// <summary>Opens a socket on a free port that is connected to <paramref name="remote"/>: it takes datagrams from
    /// there alone, and hears when the peer has no such port.</summary>
    public static Either<UdpError, UdpSocket<TUdp>> Connect(
        Host host, TUdp udp, Endpoint remote, UdpSocketOptions options = default) =>
        Open(host, udp, 0, options with { Bind = options.Bind with { Remote = remote } });

    /// <summary>Sends one datagram before the call returns, as <see cref="IUdp{TSelf}.Write"/> does.</summary>
    public Either<UdpError, Unit> Send(Endpoint destination, ReadOnlySequence<byte> payload) =>
        TUdp.Write(_udp, _port, destination, payload);

    /// <summary>Sends one datagram to the peer that the socket is connected to.</summary>
    /// <exception cref="InvalidOperationException">It is connected to none.</exception>
    public Either<UdpError, Unit> Send(ReadOnlySequence<byte> payload) =>
        Send(Remote ?? throw new InvalidOperationException("The socket is not connected."), payload);

    /// <summary>Sends datagrams of <paramref name="segmentSize"/> bytes each, as
    /// <see cref="IUdp{TSelf}.WriteSegments"/> does.</summary>
    public Either<UdpError, Unit> SendSegments(
        Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize) =>
        TUdp.WriteSegments(_udp, _port, destination, payload, segmentSize);

    /// <summary>Takes what is sent to the socket's port in a multicast group as well, as
    /// <see cref="IUdp{TSelf}.Join"/> does.</summary>
    public Either<UdpError, Unit> Join(IpAddress group) => TUdp.Join(_udp, _port, group);

    /// <summary>Ends <see cref="Join"/>.</summary>
    public void Leave(IpAddress group) => TUdp.Leave(_udp, _port, group);

    /// <summary>Waits for the next datagram and copies it to <paramref name="buffer"/>; what does not fit is lost, and
    /// <see cref="UdpReceived.IsTruncated"/> says so. An error that waits comes first.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first; no datagram is
    /// lost by it.</exception>
    public ValueTask<Either<UdpError, UdpReceived>> ReceiveAsync(
        Memory<byte> buffer, CancellationToken cancellation = default) => _receiver.Receive(buffer, cancellation);

    /// <summary>Takes the next datagram if one has come.</summary>
    public bool TryReceive(Span<byte> buffer, out UdpReceived received) =>
        _receiver.TryReceive(buffer, out received);

    /// <summary>Takes the oldest error that nobody was told yet.</summary>
    public bool TryTakeError([NotNullWhen(true)] out UdpError? error) => _receiver.TryTakeError(out error);

    /// <summary>Unbinds the port. Whoever waits is told that it is closed; datagrams that wait are dropped.</summary>
    public void Dispose()
    {
        _port.Dispose();
        _receiver.HandleDispose();
        _holding.Dispose();
    }

    private readonly struct Handler(UdpReceiver receiver) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            receiver.HandleDatagram(source, destination, payload);

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) =>
            receiver.HandleError(new UdpError.Unreachable(destination, reason));

        public void Closed() => receiver.HandleClose();
    }
}
