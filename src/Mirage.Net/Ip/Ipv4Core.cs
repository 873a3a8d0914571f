using System.Buffers;
using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The state of an <see cref="Ipv4{TEthernet, TArp}"/>: effects, and the way of each packet.</summary>
internal sealed partial class Ipv4Core<TEthernet, TArp>
    where TEthernet : struct, IEthernet<TEthernet>
    where TArp : struct, IArp<TArp>
{
    private const byte DefaultTtl = 64; // RFC 1122 section 3.2.1.7 asks for a default; RFC 1700 says 64.
    private const byte ReassemblyTimeExceeded = 1;

    private readonly TEthernet _ethernet;
    private readonly TArp _arp;
    private readonly Host _host;
    private readonly LoopTimer _timer;
    private readonly Ipv4Identification _identification = new();
    private readonly PendingPackets _pending = new();
    private readonly IcmpRateLimiter _errors;
    private readonly Holding[] _holdings;
    private Ipv4Upper? _upper;
    private bool _isDisconnected;

    public Ipv4Core(TEthernet ethernet, TArp arp, Host host, Ipv4Routes routes)
    {
        (_ethernet, _arp, _host, Routes) = (ethernet, arp, host, routes);
        Link = TEthernet.Info(ethernet);
        Machine = new(routes);
        Addresses = [routes.Address];
        _timer = host.Loop.CreateTimer(static core => ((Ipv4Core<TEthernet, TArp>)core!).OnTimer(), this);
        Span<byte> seed = stackalloc byte[8];
        host.FillRandom(seed);
        _errors = new(BinaryPrimitives.ReadUInt64LittleEndian(seed));
        _groups = GroupsOf(host);
        _groupTimer = host.Loop.CreateTimer(static self => ((Ipv4Core<TEthernet, TArp>)self!).ReportGroups(), this);
        _holdings =
        [
            host.Holdings.Add("multicast groups", () => _groups.Count),
            host.Holdings.Add("fragmented datagrams", () => Machine.FragmentedCount),
            host.Holdings.Add("packets that wait for a link address", () => _pending.Count),
        ];
    }

    public NetworkInfo Link { get; }

    public Ipv4Routes Routes { get; }

    public Ipv4Machine Machine { get; }

    public IReadOnlyList<Cidr> Addresses { get; }

    public void Disconnect()
    {
        _isDisconnected = true;
        _timer.Disarm();
        _groupTimer.Disarm();
        Machine.HandleDisconnect();
        _groups.HandleDisconnect();
        Machine.Counters.OutDiscards += _pending.Count;
        _pending.Clear();
        foreach (var holding in _holdings)
            holding.Dispose();
    }

    public WriteStatus Write(in IpHeader header, ref TransmitFrame frame)
    {
        if (_isDisconnected)
            return WriteStatus.Disconnected;
        var route = Routes.Find(header.Destination);
        if (route.Kind is Ipv4RouteKind.None)
        {
            Machine.Counters.OutNoRoutes++;
            return WriteStatus.NoRoute;
        }

        var length = Ipv4Header.FixedSize + frame.Length;
        var isTooLong = length > Link.Mtu && frame.Segmentation is Segmentation.None && header.DontFragment;
        if (isTooLong || length > Ipv4Header.PacketMax)
        {
            Machine.Counters.OutFragFails++;
            return WriteStatus.TooLong;
        }

        Machine.Counters.OutRequests++;
        new Ipv4Header
        {
            TrafficClass = header.Ecn,
            TotalLength = (ushort)length,
            // RFC 6864 section 4.1: in a datagram that nobody may fragment the number means nothing.
            Identification = header.DontFragment ? (ushort)0 : NextIdentification(),
            Flags = header.DontFragment ? Ipv4Flags.DontFragment : Ipv4Flags.None,
            Ttl = header.Ttl == 0 ? DefaultTtl : header.Ttl,
            Protocol = header.Protocol,
            Source = header.Source,
            Destination = header.Destination,
        }.EmitWithChecksum(frame.Prepend(Ipv4Header.FixedSize));
        return Forward(route, ref frame);
    }

    public void Input<THandler>(in ReceivedFrame frame, THandler handler) where THandler : struct, IIpHandler
    {
        if (_isDisconnected)
            return; // The link may outlive this layer, and nothing that waits for time may begin any more.
        _upper ??= new Ipv4Upper<THandler>(handler);
        switch (Machine.HandleInput(frame, out var packet, out var pointer))
        {
            case Ipv4Verdict.Deliver:
                Deliver(packet, handler);
                break;
            case Ipv4Verdict.Fragment:
                if (Machine.HandleFragment(packet, _host.Loop.CoarseNs, out var whole))
                    Deliver(whole, handler);
                Rearm();
                break;
            case Ipv4Verdict.ParameterProblem:
                var problem = new IcmpMessage(IcmpType.ParameterProblem, 0, (uint)pointer << 24);
                Reject(packet, problem, IcmpUnreachable.ParameterProblem);
                break;
        }
    }

    private void Deliver<THandler>(in ReceivedPacket packet, THandler handler)
        where THandler : struct, IIpHandler
    {
        switch (packet.Protocol)
        {
            case IpProtocol.Tcp:
                handler.Tcp(packet);
                break;
            case IpProtocol.Udp:
                handler.Udp(packet);
                break;
            case IpProtocol.Icmp:
                handler.Icmp(packet);
                break;
            case IpProtocol.Igmp when Routes.Groups.Count > 0:
                HandleGroups(packet);
                break;
            default:
                handler.Other(packet);
                break;
        }
    }

    private WriteStatus Forward(in Ipv4Route route, ref TransmitFrame frame)
    {
        if (route.Kind is Ipv4RouteKind.Group)
            return Emit(route.Mac, ref frame);
        // Packets that wait are not overtaken by one that comes between the answer and their leaving.
        if ((_pending.IsEmpty || !_pending.Contains(route.NextHop)) && TArp.TryGet(_arp, route.NextHop, out var mac))
            return Emit(mac, ref frame);

        var isAdded =
            _pending.TryAdd(route.NextHop, new(frame, Ipv4Header.FixedSize), out var isFirst, out var displaced);
        Machine.Counters.OutDiscards += isAdded ? displaced : 1;
        if (!isAdded)
            return WriteStatus.Full;
        if (isFirst)
            _ = Resolve(route.NextHop);
        return WriteStatus.Ok;
    }

    private WriteStatus Emit(MacAddress mac, ref TransmitFrame frame) =>
        frame.Length > Link.Mtu && frame.Segmentation is Segmentation.None
            ? Cut(mac, ref frame)
            : TEthernet.Write(_ethernet, mac, EtherType.Ipv4, ref frame);

    // RFC 791 section 3.2: the fragmentation procedure. The transport's headers go into the first fragment.
    private WriteStatus Cut(MacAddress mac, ref TransmitFrame whole)
    {
        InternetChecksum.Complete(ref whole); // No device sums over several frames.
        Ipv4Header.Parse(whole.Header, out var header);
        var transport = whole.Header[Ipv4Header.FixedSize..];
        var step = (Link.Mtu - Ipv4Header.FixedSize) & ~7;
        if (transport.Length > step)
        {
            Machine.Counters.OutFragFails++;
            return WriteStatus.TooLong;
        }

        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        var length = whole.Length - Ipv4Header.FixedSize;
        for (var offset = 0; offset < length; offset += step)
        {
            var size = Math.Min(step, length - offset);
            var head = offset == 0 ? transport : [];
            var fragment = new TransmitFrame(
                room, whole.Payload.Slice(offset - transport.Length + head.Length, size - head.Length));
            head.CopyTo(fragment.Prepend(head.Length));
            (header with
            {
                TotalLength = (ushort)(Ipv4Header.FixedSize + size),
                FragmentOffset = offset,
                Flags = offset + size < length ? Ipv4Flags.MoreFragments : Ipv4Flags.None,
            }).EmitWithChecksum(fragment.Prepend(Ipv4Header.FixedSize));
            var status = TEthernet.Write(_ethernet, mac, EtherType.Ipv4, ref fragment);
            if (status is not WriteStatus.Ok) // The others are of no use without it.
            {
                Machine.Counters.OutFragFails++;
                return status;
            }

            Machine.Counters.OutFragCreates++;
        }

        Machine.Counters.OutFragOKs++;
        return WriteStatus.Ok;
    }

    private async Task Resolve(IpAddress hop)
    {
        var answer = await TArp.Query(_arp, hop);
        foreach (var packet in _pending.Take(hop)) // What is written meanwhile waits for the next answer.
        {
            if (answer.IsRight && !_isDisconnected)
                Release((MacAddress)answer, packet);
            else
                GiveUp(packet);
        }
    }

    private void Release(MacAddress mac, PendingPacket packet)
    {
        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        var frame = packet.Restore(room);
        Emit(mac, ref frame);
    }

    // RFC 1122 section 3.3.1.1: the transport is told as if a router had sent the error.
    private void GiveUp(PendingPacket packet)
    {
        Machine.Counters.OutDiscards++;
        if (_upper is null || _isDisconnected)
            return;
        Span<byte> room = stackalloc byte[IcmpErrors.Room];
        var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
        IcmpErrors.Prepend(ref frame, new(IcmpType.DestinationUnreachable, (byte)IcmpUnreachable.Host, 0),
            packet.Bytes[..Ipv4Header.FixedSize], packet.Bytes[Ipv4Header.FixedSize..]);
        var own = Routes.Address.Address;
        _upper.Icmp(new ReceivedPacket
        {
            Source = own,
            Destination = own,
            Protocol = IpProtocol.Icmp,
            Ttl = DefaultTtl,
            Payload = new(frame.Header),
        });
    }

    private void Reject(in ReceivedPacket offending, in IcmpMessage message, IcmpUnreachable reason)
    {
        if (!Routes.IsLocal(offending.Destination))
            return; // Another host's packet is taken for it, and not judged in its name.
        if (!IcmpErrors.MayAnswer(offending) || !_errors.HandleError(reason, _host.Loop.CoarseNs))
            return;
        Span<byte> room = stackalloc byte[IcmpErrors.Room];
        var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
        IcmpErrors.Prepend(ref frame, message, offending.Header, offending.Payload.Bytes);
        Write(new IpHeader(offending.Destination, offending.Source, IpProtocol.Icmp), ref frame);
    }

    private void OnTimer()
    {
        while (Machine.TryPollExpired(_host.Loop.CoarseNs, out var first))
            Reject(first, new(IcmpType.TimeExceeded, ReassemblyTimeExceeded, 0), IcmpUnreachable.TimeExceeded);
        Rearm();
    }

    private void Rearm()
    {
        if (Machine.NextTimeoutNs is { } dueNs)
            _timer.Arm(dueNs);
        else
            _timer.Disarm();
    }

    private ushort NextIdentification()
    {
        if (_identification.NeedsKey)
        {
            Span<byte> key = stackalloc byte[Ipv4Identification.KeySize];
            _host.FillRandom(key);
            _identification.HandleKey(key);
        }

        return _identification.Next();
    }
}
