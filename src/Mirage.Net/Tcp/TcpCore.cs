using System.Buffers;
using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Net;

/// <summary>TCP between its engine and one kind of IP: packets in, packets out.</summary>
internal sealed class TcpCore<TIp>(Host host, TIp ip, Func<CongestionControl> congestion, int connectionsMax)
    : TcpEngine(host, connectionsMax) where TIp : struct, IIp<TIp>
{
    private const int Ipv4Header = 20;
    private const int Ipv6Header = 40;

    private readonly TcpReceiveBudget _budget = new(TcpLimits.ReceiveGrowthMax);
    private SipHash? _timestamps;

    public async ValueTask<Either<TcpError, IFlow>> Connect(Endpoint remote, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!IsHost(remote) || !TIp.TryGetSource(ip, remote.Address, out var source))
            return new TcpError.NoRoute(remote.Address);
        if (Open(source, remote, out var connection) is { } refusal)
            return refusal;
        try
        {
            return await connection!.Opened(cancellation) is { } error
                ? error
                : Prelude.Right<TcpError, IFlow>(connection.Flow!);
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
        InSegs++;
        var status = TcpSegment.Parse(packet.Payload.Bytes, out var segment, packet.Ecn);
        if (status is not ParseStatus.Ok || !IsIntact(packet))
        {
            InErrs++;
            return;
        }

        var local = new Endpoint(packet.Destination, segment.Header.DestinationPort);
        var key = new TcpFlowKey(local, new(packet.Source, segment.Header.SourcePort));
        if (IsDisconnected || packet.IsBroadcast || packet.Destination.IsMulticast || key.Local == key.Remote)
            return; // RFC 9293 section 3.9.2.3, and the LAND attack: nobody is both ends of a connection.
        if (!TryFind(key, out var connection))
        {
            InputStray(packet, segment, key);
        }
        else if (connection.IsReplacedBy(segment) && FindListener(local.Port) is { HasRoom: true } listener)
        {
            Replace(connection);
            Accept(listener, key, segment);
        }
        else
        {
            connection.Input(segment);
        }
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

    protected override void Transmit(TcpConnection connection)
    {
        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        while (connection.TryPollTransmit(out var transmit))
        {
            var frame = new TransmitFrame(room, connection.Send.Slice(transmit.Offset, transmit.Length));
            if (transmit.Length > transmit.SegmentSize)
            {
                var kind = connection.Key.Local.Address.IsV4 ? Segmentation.TcpV4 : Segmentation.TcpV6;
                frame.RequestSegmentation(kind, transmit.SegmentSize);
            }

            var (local, remote) = (connection.Key.Local.Address, connection.Key.Remote.Address);
            Write(local, remote, transmit.Header, ref frame, transmit.Ecn);
        }
    }

    protected override TcpParameters ParametersFor(TcpFlowKey key, bool nagle)
    {
        var ipHeader = key.Remote.Address.IsV4 ? Ipv4Header : Ipv6Header;
        var link = TIp.Link(ip);
        return new()
        {
            Local = key.Local,
            Remote = key.Remote,
            Mss = TIp.Mtu(ip, key.Remote.Address) - ipHeader - TcpHeader.FixedSize,
            SegmentationLimit = Math.Max(0, link.SegmentationLimit - ipHeader - TcpHeader.SizeMax),
            Nagle = nagle,
            Congestion = congestion,
            Secret = Random.NextLong(),
            TimestampOffset = TimestampOffset(key),
            ReceiveBudget = _budget,
        };
    }

    // RFC 7323 section 5.4. Not of the hash that initial numbers are made by: what is known of one tells nothing of the
    // other.
    private uint TimestampOffset(TcpFlowKey key)
    {
        Span<byte> image = stackalloc byte[TcpFlowKey.Size];
        key.Emit(image);
        _timestamps ??= RandomHash();
        return (uint)_timestamps.Value.Hash(image);
    }

    private SipHash RandomHash()
    {
        Span<byte> secret = stackalloc byte[SipHash.KeySize];
        BinaryPrimitives.WriteUInt64LittleEndian(secret, Random.NextLong());
        BinaryPrimitives.WriteUInt64LittleEndian(secret[8..], Random.NextLong());
        return new(secret);
    }

    // RFC 9293 section 3.10.7: a segment of no connection is for a listener, or is answered by a reset.
    private void InputStray(in ReceivedPacket packet, in TcpSegment segment, TcpFlowKey key)
    {
        var listener = FindListener(key.Local.Port);
        var answer =
            listener is null ? TcpListenAnswer.Reset : TcpListen.Judge(segment, packet.Source, packet.Destination);
        if (answer is TcpListenAnswer.Open)
            Accept(listener!, key, segment);
        else if (answer is TcpListenAnswer.Reset && TcpReset.For(segment, out var reset))
            Reset(key, reset);
    }

    private void Reset(TcpFlowKey key, in TcpHeader reset)
    {
        OutRsts++;
        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
        Write(key.Local.Address, key.Remote.Address, reset, ref frame);
    }

    // A packet that cannot go is lost, like any other: what it carried is sent again when its time has come.
    private void Write(
        IpAddress source, IpAddress destination, in TcpHeader header, ref TransmitFrame frame, byte ecn = 0)
    {
        OutSegs++;
        var image = frame.Prepend(header.Size);
        header.Emit(image);
        var sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Tcp, frame.Length);
        BinaryPrimitives.WriteUInt16BigEndian(image[TcpHeader.ChecksumOffset..], InternetChecksum.Fold(sum));
        frame.RequestChecksum(TcpHeader.ChecksumOffset);
        if (!TIp.Link(ip).ChecksumOffload)
            InternetChecksum.Complete(ref frame);
        TIp.Write(ip, new IpHeader(source, destination, IpProtocol.Tcp) { DontFragment = true, Ecn = ecn }, ref frame);
    }

    private static bool IsIntact(in ReceivedPacket packet)
    {
        var bytes = packet.Payload.Bytes;
        return packet.Payload.ChecksumValid || InternetChecksum.IsValid(
            bytes, InternetChecksum.PseudoHeader(packet.Source, packet.Destination, IpProtocol.Tcp, bytes.Length));
    }

    private static bool IsHost(Endpoint endpoint) => endpoint.Port != 0 && endpoint.Address is
    { IsMulticast: false, IsUnspecified: false } && endpoint.Address != IpAddress.BroadcastV4;
}
