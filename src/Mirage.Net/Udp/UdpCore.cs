using System.Buffers;
using System.Runtime.CompilerServices;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The state of a <see cref="Udp{TIp}"/>: effects, and the way of each datagram.</summary>
internal sealed partial class UdpCore<TIp>(TIp ip, Host host) : IUdpPortOwner where TIp : struct, IIp<TIp>
{
    /// <summary>Datagrams that go in one frame, as many as the kernel takes from a program, udp(7).</summary>
    public const int SegmentsMax = 128;

    /// <summary>Datagrams that a received frame may have been merged of: eight times what a kernel merges, lest a frame
    /// of a hostile neighbour be one datagram a byte.</summary>
    public const int MergedMax = 1024;

    private readonly UdpPorts<BoundPort> _ports = UdpPorts<BoundPort>.On(host);
    private readonly RandomSource _random = new(host);
    private UdpForwards? _forwards; // Null as long as nobody asked for it.
    private bool _isDisconnected;

    public UdpCounters Counters { get; } = new();

    public IpAddress Address => TIp.Addresses(ip)[0].Address;

    public Either<UdpError, UdpPort> Bind<THandler>(ushort number, THandler handler, BindOptions options)
        where THandler : struct, IDatagramHandler
    {
        if (_isDisconnected)
            return new UdpError.Closed();
        var local = options.LocalAddress;
        if (!local.IsUnspecified && !TIp.IsLocal(ip, local))
            return new UdpError.Link(new NetworkError.Unavailable($"{local} is no address of this host"));
        // A port that is connected has one address, as its peer sees it.
        if (options.Remote is { } remote && local.IsUnspecified && !TIp.TryGetSource(ip, remote.Address, out local))
            return new UdpError.NoRoute(remote.Address);
        if (number == 0 && !_ports.TryChoose(_random, TIp.Link(ip), out number))
            return new UdpError.NoFreePort();

        var address = local.IsUnspecified ? default : local; // The wildcards of both families are one.
        var binding = new UdpBinding(new(address, number), options.Remote ?? default);
        if (_ports.Contains(binding))
            return new UdpError.PortInUse(number);
        if (_ports.IsFull)
            return new UdpError.NoFreePort();

        var port = BoundPort.Of(this, binding, options, handler);
        _ports.Add(binding, port);
        return port;
    }

    /// <summary>Flows to other hosts that are taken for them.</summary>
    public UdpForwards Forwards => _forwards ??= new(host, Emit);

    public Either<UdpError, Unit> Write(UdpPort source, Endpoint destination, in ReadOnlySequence<byte> payload) =>
        Send(source, destination, payload, segmentSize: 0);

    public Either<UdpError, Unit> WriteSegments(
        UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize)
    {
        var piece = PieceMax(destination, segmentSize);
        while (payload.Length > piece)
        {
            var sent = Send(source, destination, payload.Slice(0, piece), segmentSize);
            if (sent.IsLeft)
                return sent;
            payload = payload.Slice(piece);
        }

        return Send(source, destination, payload, segmentSize);
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

        var segmentSize = packet.Payload.SegmentSize;
        if (segmentSize != 0 && datagram.Payload.Length > segmentSize * MergedMax)
        {
            Counters.InErrors++;
            return true;
        }

        var source = new Endpoint(packet.Source, datagram.Header.SourcePort);
        var destination = new Endpoint(packet.Destination, datagram.Header.DestinationPort);
        if (_forwards is { IsOpen: true } && !packet.IsBroadcast && !TIp.IsLocal(ip, packet.Destination))
        {
            Counters.InDatagrams++;
            return _forwards.Input(source, destination, datagram.Payload, segmentSize);
        }

        if (destination.Address.IsMulticast)
        {
            DeliverToGroup(source, destination, datagram.Payload, segmentSize);
            return true;
        }

        if (!_ports.TryFind(destination, source, out var port))
        {
            Counters.NoPorts++;
            return packet.IsBroadcast; // RFC 1122 section 3.2.2: no error answers a broadcast.
        }

        Deliver(port, source, destination, datagram.Payload, segmentSize);
        return true;
    }

    public void Unreachable(in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport)
    {
        if (UdpHeader.Parse(quotedTransport, out var header) is not ParseStatus.Ok)
            return;
        var source = new Endpoint(quotation.Source, header.SourcePort);
        var destination = new Endpoint(quotation.Destination, header.DestinationPort);
        if (!_ports.TryFind(source, destination, out var port))
        {
            _forwards?.Unreachable(source, destination);
            return;
        }

        Counters.InUnreachable++;
        // RFC 1122 section 4.1.3.3: the application is told. One port may have many peers, and would have to know which
        // of them an error is about: it is told when it says that it does.
        if (port.HearsErrors)
            port.Unreachable(destination, quotation.Reason);
    }

    public void Unbind(BoundPort port)
    {
        _ports.Remove(port.Binding);
        LeaveAll(port);
    }

    public void Disconnect()
    {
        if (_isDisconnected)
            return;
        _isDisconnected = true;
        _forwards?.Disconnect();
        BoundPort[] ports = [.. _ports.All];
        _ports.Clear();
        foreach (var port in ports)
        {
            LeaveAll(port);
            port.HandleDisconnect();
        }
    }

    private void Deliver(
        BoundPort port, Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload, ushort segmentSize)
    {
        while (segmentSize != 0 && payload.Length > segmentSize && port.IsBound)
        {
            Counters.InDatagrams++;
            port.Input(source, destination, payload[..segmentSize]);
            payload = payload[segmentSize..];
        }

        if (!port.IsBound)
            return; // Its handler has unbound it at an earlier datagram of the frame.
        Counters.InDatagrams++;
        port.Input(source, destination, payload);
    }

    // How many bytes of datagrams of that size go in one frame: one datagram's when the device cuts none, or when they
    // would have to be fragmented.
    private int PieceMax(Endpoint destination, int segmentSize)
    {
        var headers = UdpHeader.FixedSize + Ipv4Header.FixedSize;
        var link = TIp.Link(ip);
        var limit = Math.Min(link.UdpSegmentationLimit, Ipv4Header.PacketMax) - headers;
        if (!link.ChecksumOffload || segmentSize > limit || segmentSize > TIp.Mtu(ip, destination.Address) - headers)
            return segmentSize;
        return Math.Min(limit / segmentSize, SegmentsMax) * segmentSize;
    }

    // With a segment size, several datagrams of that many bytes which the device cuts.
    private Either<UdpError, Unit> Send(
        UdpPort source, Endpoint destination, in ReadOnlySequence<byte> payload, int segmentSize)
    {
        if (!TryGetBound(source, out var port))
            return new UdpError.Closed();
        if (!destination.Address.IsMulticast)
            return Emit(port.Binding.Local, destination, payload, segmentSize, port.DontFragment);
        var sent = Emit(
            port.Binding.Local, destination, payload, segmentSize, port.DontFragment, port.MulticastTtl);
        if (sent.IsRight && port.LoopsBack)
            LoopBack(port.Binding.Local, destination, payload, segmentSize);
        return sent;
    }

    private Either<UdpError, Unit> Emit(Endpoint source, Endpoint destination, in ReadOnlySequence<byte> payload,
        int segmentSize, bool dontFragment) =>
        Emit(source, destination, payload, segmentSize, dontFragment, ttl: 0);

    [SkipLocalsInit]
    private Either<UdpError, Unit> Emit(Endpoint source, Endpoint destination, in ReadOnlySequence<byte> payload,
        int segmentSize, bool dontFragment, byte ttl)
    {
        var room = Ipv4Header.PacketMax - UdpHeader.FixedSize - (destination.Address.IsV4 ? Ipv4Header.FixedSize : 0);
        if (payload.Length > room)
            return new UdpError.TooLong(payload.Length);
        var own = source.Address;
        if (own.IsUnspecified && !TIp.TryGetSource(ip, destination.Address, out own))
            return new UdpError.NoRoute(destination.Address);

        Span<byte> headers = stackalloc byte[TransmitFrame.Room];
        var frame = new TransmitFrame(headers, payload);
        var isMerged = segmentSize > 0 && payload.Length > segmentSize;
        if (isMerged)
            frame.RequestSegmentation(Segmentation.Udp, segmentSize);
        Prepend(ref frame, source with { Address = own }, destination);
        Counters.OutDatagrams += isMerged ? (payload.Length + segmentSize - 1) / segmentSize : 1;
        var header = new IpHeader(own, destination.Address, IpProtocol.Udp) { DontFragment = dontFragment, Ttl = ttl };
        return TIp.Write(ip, header, ref frame) switch
        {
            WriteStatus.NoRoute => new UdpError.NoRoute(destination.Address),
            WriteStatus.TooLong => new UdpError.TooLong(payload.Length),
            WriteStatus.Disconnected => new UdpError.Closed(),
            _ => Unit.Default, // A full queue below loses the datagram, as the network might.
        };
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

    private bool TryGetBound(UdpPort source, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BoundPort? port)
    {
        port = source as BoundPort;
        return port is not null ? port.IsBound : _ports.TryFind(source.Number, out port);
    }
}
