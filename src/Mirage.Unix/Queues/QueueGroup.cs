using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The queues of one TAP, each with a stack on a loop of its own.</summary>
/// <remarks>Frames that are of no flow come on queue 0. What every stack has to learn from is passed on by
/// <see cref="Share"/>; it crosses threads, so it is copied.</remarks>
internal sealed class QueueGroup(MacAddress mac, IReadOnlyList<FrameDescriptor> devices)
{
    /// <summary>Shared frames that wait for one loop; the next one is lost, as on a wire.</summary>
    public const int SharedMax = 256;

    private const int EthernetHeader = 14;

    private readonly Member?[] _members = new Member?[devices.Count];
    private readonly bool[] _isTaken = new bool[devices.Count];

    /// <summary>The address that all queues send from.</summary>
    public MacAddress Mac => mac;

    public int Count => devices.Count;

    /// <summary>The descriptor of a queue, which is the caller's from now on; null when there is none or it was taken
    /// already.</summary>
    public FrameDescriptor? Take(int queue)
    {
        lock (_isTaken)
        {
            if (queue >= devices.Count || _isTaken[queue])
                return null;
            _isTaken[queue] = true;
            return devices[queue];
        }
    }

    /// <summary>The loop of a queue runs, and <paramref name="take"/> hands a frame up on it.</summary>
    public void Join(int queue, EventLoop loop, Action<byte[]> take) =>
        Volatile.Write(ref _members[queue], new(loop, take));

    public void Leave(int queue) => Volatile.Write(ref _members[queue], null);

    /// <summary>Queue 0 has received a frame: gives the others a copy if they have to learn from it.</summary>
    public void Share(ReadOnlySpan<byte> frame)
    {
        if (!IsForAll(frame))
            return;
        byte[]? copy = null;
        for (var queue = 1; queue < _members.Length; queue++)
            Volatile.Read(ref _members[queue])?.Post(copy ??= frame.ToArray());
    }

    /// <summary>Whether the stacks of all queues are to see a frame that came on queue 0.</summary>
    /// <remarks>Answers and announcements of link addresses, for each has a table of neighbours; a request is answered
    /// by queue 0 alone. Replies and errors of ICMP, for only one of the stacks knows the flow; the others ignore
    /// them.</remarks>
    public static bool IsForAll(ReadOnlySpan<byte> frame)
    {
        if (EthernetHeaderOf(frame) is not { } type)
            return false;
        var payload = frame[EthernetHeader..];
        if (type is EtherType.Arp)
            return ArpPacket.Parse(payload, out var arp) is ParseStatus.Ok
                && (arp.Operation is ArpOperation.Reply || arp.SenderIp == arp.TargetIp);
        return type is EtherType.Ipv4 && Ipv4Header.Parse(payload, out var ip) is ParseStatus.Ok
            && ip.Protocol is IpProtocol.Icmp && !ip.IsFragment && payload.Length > ip.HeaderLength
            && (IcmpType)payload[ip.HeaderLength] is IcmpType.EchoReply or IcmpType.DestinationUnreachable
                or IcmpType.TimeExceeded or IcmpType.ParameterProblem;
    }

    /// <summary>Closes what nobody has taken.</summary>
    public void Close()
    {
        for (var queue = 0; queue < devices.Count; queue++)
        {
            if (Take(queue) is { } device)
                _ = Libc.Close(device.Descriptor);
        }
    }

    private static EtherType? EthernetHeaderOf(ReadOnlySpan<byte> frame) =>
        Net.EthernetHeader.Parse(frame, out var header) is ParseStatus.Ok ? header.Type : null;

    private sealed class Member(EventLoop loop, Action<byte[]> take)
    {
        private int _waiting;

        public void Post(byte[] frame)
        {
            if (Interlocked.Increment(ref _waiting) > SharedMax)
            {
                Interlocked.Decrement(ref _waiting);
                return;
            }

            loop.Post(_ =>
            {
                Interlocked.Decrement(ref _waiting);
                take(frame);
            }, null);
        }
    }
}
