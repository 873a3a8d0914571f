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
    private readonly Core _core;

    private Udp(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Udp<TIp>> Impl => (Of<TIp>(), BootHost).Apply(static (ip, host) => Create(host, ip));

    /// <summary>Makes the layer on <paramref name="host"/>'s loop in code; its input is given to it.</summary>
    public static Udp<TIp> Create(Host host, TIp ip)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new Core(ip, host));
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
    public static Either<UdpError, UdpPort> Bind<THandler>(Udp<TIp> udp, ushort port, THandler handler)
        where THandler : struct, IDatagramHandler => udp._core.Bind(port, handler);

    /// <inheritdoc/>
    /// <remarks>A port of a stack that wraps this one is known by its number.</remarks>
    public static Either<UdpError, Unit> Write(
        Udp<TIp> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        udp._core.Write(source, destination, payload);

    /// <inheritdoc/>
    public static bool Input(Udp<TIp> transport, in ReceivedPacket packet) => transport._core.Input(packet);

    /// <inheritdoc/>
    /// <remarks>There are no connected ports that could be told; the error is counted.</remarks>
    public static void Unreachable(
        Udp<TIp> transport, in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport) =>
        transport._core.Unreachable(quotedTransport);

    internal static UdpCounters Counters(Udp<TIp> udp) => udp._core.Counters;

    private sealed class Core(TIp ip, Host host)
    {
        private readonly UdpPorts<Port> _ports = UdpPorts<Port>.On(host);
        private readonly RandomSource _random = new(host);
        private bool _isDisconnected;

        public UdpCounters Counters { get; } = new();

        public Either<UdpError, UdpPort> Bind<THandler>(ushort number, THandler handler)
            where THandler : struct, IDatagramHandler
        {
            if (_isDisconnected)
                return new UdpError.Closed();
            if (number == 0 && !_ports.TryChoose(_random, out number))
                return new UdpError.NoFreePort();
            if (_ports.TryGet(number, out _))
                return new UdpError.PortInUse(number);
            if (_ports.IsFull)
                return new UdpError.NoFreePort();

            var port = new Port<THandler>(this, number, handler);
            _ports.Add(number, port);
            return port;
        }

        public Either<UdpError, Unit> Write(UdpPort source, Endpoint destination, in ReadOnlySequence<byte> payload)
        {
            if (!IsBound(source))
                return new UdpError.Closed();
            var room =
                Ipv4Header.PacketMax - UdpHeader.FixedSize - (destination.Address.IsV4 ? Ipv4Header.FixedSize : 0);
            if (payload.Length > room)
                return new UdpError.TooLong(payload.Length);
            if (!TIp.TryGetSource(ip, destination.Address, out var own))
                return new UdpError.NoRoute(destination.Address);

            Span<byte> headers = stackalloc byte[TransmitFrame.Room];
            var frame = new TransmitFrame(headers, payload);
            Prepend(ref frame, new Endpoint(own, source.Number), destination);
            Counters.OutDatagrams++;
            return TIp.Write(ip, new IpHeader(own, destination.Address, IpProtocol.Udp), ref frame) switch
            {
                WriteStatus.NoRoute => new UdpError.NoRoute(destination.Address),
                WriteStatus.TooLong => new UdpError.TooLong(payload.Length),
                WriteStatus.Disconnected => new UdpError.Closed(),
                _ => Unit.Default, // A full queue below loses the datagram, as the network might.
            };
        }

        public bool Input(in ReceivedPacket packet)
        {
            switch (UdpDatagram.Read(packet, out var datagram))
            {
                case UdpVerdict.Malformed:
                    Counters.InErrors++;
                    return true;
                case UdpVerdict.BadChecksum:
                    Counters.InErrors++;
                    Counters.InCsumErrors++;
                    return true;
            }

            if (!_ports.TryGet(datagram.Header.DestinationPort, out var port))
            {
                Counters.NoPorts++;
                return packet.IsBroadcast; // RFC 1122 section 3.2.2: no error answers a broadcast.
            }

            var source = new Endpoint(packet.Source, datagram.Header.SourcePort);
            var destination = new Endpoint(packet.Destination, datagram.Header.DestinationPort);
            Deliver(port, source, destination, datagram.Payload, packet.Payload.SegmentSize);
            return true;
        }

        public void Unreachable(ReadOnlySpan<byte> quotedTransport)
        {
            if (UdpHeader.Parse(quotedTransport, out var header) is ParseStatus.Ok
                && _ports.TryGet(header.SourcePort, out _))
                Counters.InUnreachable++;
        }

        public void Unbind(Port port)
        {
            if (_ports.TryGet(port.Number, out var bound) && bound == port)
                _ports.Remove(port.Number);
        }

        public void Disconnect()
        {
            _isDisconnected = true;
            _ports.Clear();
        }

        /// <summary>The end that clients send to: this host's first address.</summary>
        public Endpoint Reachable(ushort number) => new(TIp.Addresses(ip)[0].Address, number);

        private void Deliver(
            Port port, Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload, ushort segmentSize)
        {
            while (segmentSize != 0 && payload.Length > segmentSize)
            {
                Counters.InDatagrams++;
                port.Input(source, destination, payload[..segmentSize]);
                payload = payload[segmentSize..];
            }

            Counters.InDatagrams++;
            port.Input(source, destination, payload);
        }

        private void Prepend(ref TransmitFrame frame, Endpoint source, Endpoint destination)
        {
            var length = UdpHeader.FixedSize + frame.Length;
            var sum = InternetChecksum.PseudoHeader(source.Address, destination.Address, IpProtocol.Udp, length);
            var header = new UdpHeader(source.Port, destination.Port, (ushort)length, InternetChecksum.Fold(sum));
            header.Emit(frame.Prepend(UdpHeader.FixedSize));
            frame.RequestChecksum(UdpHeader.ChecksumOffset);
            if (!TIp.Link(ip).ChecksumOffload)
                InternetChecksum.Complete(ref frame);
        }

        private bool IsBound(UdpPort source) =>
            _ports.TryGet(source.Number, out var bound) && (source is not Port own || own == bound);
    }

    private abstract class Port(Core core, ushort number) : UdpPort
    {
        public sealed override ushort Number => number;

        public sealed override Endpoint Reachable => core.Reachable(number);

        public abstract void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload);

        protected sealed override void Unbind() => core.Unbind(this);
    }

    private sealed class Port<THandler>(Core core, ushort number, THandler handler) : Port(core, number)
        where THandler : struct, IDatagramHandler
    {
        public override void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            handler.Input(source, destination, payload);
    }
}
