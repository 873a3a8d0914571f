using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LanguageExt;

namespace Mirage.Net;

/// <summary>TCP between its engine and one kind of IP: packets in, packets out.</summary>
internal sealed class TcpCore<TIp>(
    Host host, TIp ip, Func<CongestionControl> congestion, int connectionsMax, long memoryMax)
    : TcpEngine(host, connectionsMax, memoryMax)
    where TIp : struct, IIp<TIp>
{
    private const int Ipv4Header = 20;
    private const int Ipv6Header = 40;

    private readonly TcpReceiveBudget _budget = new(TcpLimits.ReceiveGrowthMax);
    private readonly Dictionary<(FlowOptions, int Mss, int Limit), TcpParameters> _parameters = [];

    protected override bool IsLocal(IpAddress address) => TIp.IsLocal(ip, address);

    protected override NetworkInfo Link => TIp.Link(ip);

    public async ValueTask<Either<TcpError, IFlow>> Connect(
        Endpoint remote, FlowOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Nothing leads from this stack back to itself: better said at once than after minutes of silence.
        if (!IsHost(remote) || TIp.IsLocal(ip, remote.Address) || !TIp.TryGetSource(ip, remote.Address, out var source))
            return new TcpError.NoRoute(remote.Address);
        if (Open(source, remote, options, out var connection) is { } refusal)
            return refusal;
        try
        {
            return await connection!.Opened(cancellation) is { } error
                ? error
                : Prelude.Right<TcpError, IFlow>(connection);
        }
        catch (OperationCanceledException)
        {
            connection!.Abort();
            connection.Detach();
            throw;
        }
    }

    public Either<TcpError, TcpListener> Listen(ushort port, ListenOptions options) =>
        Listen(port, TIp.Addresses(ip) is [var first, ..] ? first.Address : IpAddress.AnyV4, options);

    public void Input(in ReceivedPacket packet)
    {
        Tally.InSegs++;
        Loop.ReadClock(); // A round trip ends here.
        var status =
            TcpSegment.Parse(packet.Payload.Bytes, out var segment, packet.Ecn, packet.Payload.SegmentSize);
        if (status is not ParseStatus.Ok || !IsIntact(packet))
        {
            Tally.InErrs++;
            return;
        }

        var local = new Endpoint(packet.Destination, segment.Header.DestinationPort);
        var key = new TcpFlowKey(local, new(packet.Source, segment.Header.SourcePort));
        if (IsDisconnected || packet.IsBroadcast || packet.Destination.IsMulticast || key.Local == key.Remote)
            return; // RFC 9293 section 3.9.2.3, and the LAND attack: nobody is both ends of a connection.
        if (!TryFind(key, out var connection))
            InputStray(packet, segment, key);
        else
            connection.HandleSegment(segment);
    }

    public void Unreachable(in IcmpQuotation quotation, ReadOnlySpan<byte> quoted)
    {
        const int quotedMin = 8; // RFC 792: ports and sequence number.
        if (quoted.Length < quotedMin)
            return;
        var key = new TcpFlowKey(
            new(quotation.Source, BinaryPrimitives.ReadUInt16BigEndian(quoted)),
            new(quotation.Destination, BinaryPrimitives.ReadUInt16BigEndian(quoted[2..])));
        if (TryFind(key, out var connection))
            connection.Unreachable(quotation, BinaryPrimitives.ReadUInt32BigEndian(quoted[4..]));
    }

    [SkipLocalsInit]
    protected override void Transmit(TcpConnection connection)
    {
        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        while (connection.TryPollTransmit(out var transmit))
        {
            var frame = new TransmitFrame(room, connection.Send.Slice(transmit.Offset, transmit.Length));
            if (transmit.Length > transmit.SegmentSize)
            {
                var kind = connection.Local.Address.IsV4 ? Segmentation.TcpV4 : Segmentation.TcpV6;
                frame.RequestSegmentation(kind, transmit.SegmentSize);
            }

            Write(
                connection.Local.Address, connection.Remote.Address, transmit.Header, ref frame, transmit.Ecn);
        }
    }

    [SkipLocalsInit]
    public override void Send(TcpFlowKey key, in TcpHeader header)
    {
        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
        Write(key.Local.Address, key.Remote.Address, header, ref frame);
    }

    protected override TcpParameters ParametersFor(IpAddress remote, FlowOptions options)
    {
        var headers = IpHeaderFor(remote) + TcpHeader.SizeMax;
        var limit = Math.Max(0, TIp.Link(ip).SegmentationLimit - headers);
        var key = (options, Mss: SegmentSizeFor(remote), Limit: limit);
        if (_parameters.TryGetValue(key, out var known))
            return known;
        if (_parameters.Count == TcpLimits.ParametersMax)
            _parameters.Clear(); // They stay with the connections that have them.
        return _parameters[key] = new(options)
        {
            Mss = key.Mss,
            SegmentationLimit = key.Limit,
            Congestion = congestion,
            Memory = Memory,
            Tally = Tally,
            ReceiveBudget = _budget,
        };
    }

    protected override int SegmentSizeFor(IpAddress remote) =>
        TIp.Mtu(ip, remote) - IpHeaderFor(remote) - TcpHeader.FixedSize;

    // RFC 9293 section 3.10.7: a segment of no connection is for a listener, or is answered by a reset.
    private void InputStray(in ReceivedPacket packet, in TcpSegment segment, TcpFlowKey key)
    {
        if (Handshakes.TryHandle(key, segment))
            return;
        if (Forwards.IsOpen && !IsLocal(key.Local.Address))
        {
            Forwards.Handle(key, segment, TcpListen.Judge(segment, packet.Source, packet.Destination));
            return;
        }

        var listener = FindListener(key.Local.Port);
        if (TimeWaits.TryFind(key, out var waiting))
        {
            if (listener is null || !Handshakes.TryReplace(listener, waiting, segment))
                TimeWaits.Handle(waiting, segment);
            return;
        }

        var answer =
            listener is null ? TcpListenAnswer.Reset : TcpListen.Judge(segment, packet.Source, packet.Destination);
        if (answer is TcpListenAnswer.Open)
            Handshakes.HandleSyn(listener!, key, segment);
        else if (answer is TcpListenAnswer.Reset
            && (listener is null || !Handshakes.TryHandleCookie(listener, key, segment)))
            Refuse(key, segment);
    }

    // A packet that cannot go is lost, like any other: what it carried is sent again when its time has come.
    private void Write(
        IpAddress source, IpAddress destination, in TcpHeader header, ref TransmitFrame frame, byte ecn = 0)
    {
        Tally.OutSegs++;
        var image = frame.Prepend(header.Size);
        header.Emit(image);
        var sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Tcp, frame.Length);
        BinaryPrimitives.WriteUInt16BigEndian(image[TcpHeader.ChecksumOffset..], InternetChecksum.Fold(sum));
        frame.RequestChecksum(TcpHeader.ChecksumOffset);
        if (!TIp.Link(ip).ChecksumOffload)
            InternetChecksum.Complete(ref frame);
        TIp.Write(ip, new IpHeader(source, destination, IpProtocol.Tcp) { DontFragment = true, Ecn = ecn }, ref frame);
    }

    private static int IpHeaderFor(IpAddress remote) => remote.IsV4 ? Ipv4Header : Ipv6Header;

    private static bool IsIntact(in ReceivedPacket packet)
    {
        var bytes = packet.Payload.Bytes;
        return packet.Payload.ChecksumValid || InternetChecksum.IsValid(
            bytes, InternetChecksum.PseudoHeader(packet.Source, packet.Destination, IpProtocol.Tcp, bytes.Length));
    }

    private static bool IsHost(Endpoint endpoint) => endpoint.Port != 0 && endpoint.Address is
    { IsMulticast: false, IsUnspecified: false } && endpoint.Address != IpAddress.BroadcastV4;
}
