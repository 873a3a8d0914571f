using System.Buffers;
using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The groups that the host is in, and what routers are told of them by IGMP.</summary>
internal sealed partial class Ipv4Core<TEthernet, TArp>
{
    private const int RecordsMax = 64; // Of one report; with its headers it is less than 576 bytes.
    private const int HeaderLength = Ipv4Header.FixedSize + 4; // With the router alert.
    private const byte InternetworkControl = 0xC0; // RFC 9776 section 4: the type of service.

    private readonly IgmpMachine _groups;
    private readonly LoopTimer _groupTimer;

    public IgmpMachine Groups => _groups;

    public bool Join(IpAddress group)
    {
        if (_isDisconnected || !group.IsV4 || !group.IsMulticast || !_groups.HandleJoin(group, _host.Loop.NowNs))
            return false;
        Routes.Groups.Add(group);
        ReportGroups();
        return true;
    }

    public void Leave(IpAddress group)
    {
        if (_isDisconnected || !_groups.HandleLeave(group, _host.Loop.NowNs))
            return;
        Routes.Groups.Remove(group);
        ReportGroups();
    }

    private IgmpMachine GroupsOf(Host host)
    {
        Span<byte> seed = stackalloc byte[8];
        host.FillRandom(seed);
        var records = (Link.Mtu - HeaderLength - IgmpMessage.FixedSize) / IgmpRecord.FixedSize;
        return new(BinaryPrimitives.ReadUInt64LittleEndian(seed), Math.Clamp(records, 1, RecordsMax));
    }

    private void HandleGroups(in ReceivedPacket packet)
    {
        _groups.HandleMessage(packet, _host.Loop.NowNs);
        ReportGroups();
    }

    private void ReportGroups()
    {
        Span<byte> message = stackalloc byte[IgmpMessage.FixedSize + (RecordsMax * IgmpRecord.FixedSize)];
        while (_groups.TryPollReport(_host.Loop.NowNs, message, out var transmit))
            Report(transmit.Destination, message[..transmit.Length]);
        if (_groups.NextTimeoutNs is { } dueNs)
            _groupTimer.Arm(dueNs);
        else
            _groupTimer.Disarm();
    }

    private void Report(IpAddress destination, ReadOnlySpan<byte> message)
    {
        Span<byte> room = stackalloc byte[
            IgmpMessage.FixedSize + (RecordsMax * IgmpRecord.FixedSize) + TransmitFrame.Room];
        var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
        message.CopyTo(frame.Prepend(message.Length));
        Machine.Counters.OutRequests++;
        var image = frame.Prepend(HeaderLength);
        new Ipv4Header
        {
            HeaderLength = HeaderLength,
            TrafficClass = InternetworkControl,
            TotalLength = (ushort)frame.Length,
            Flags = Ipv4Flags.DontFragment,
            Ttl = 1,
            Protocol = IpProtocol.Igmp,
            Source = Routes.Address.Address,
            Destination = destination,
        }.Emit(image);
        Ipv4Options.RouterAlertImage.CopyTo(image[Ipv4Header.FixedSize..]);
        Ipv4Header.Complete(image[..HeaderLength]);
        Emit(Routes.Find(destination).Mac, ref frame);
    }
}
