namespace Mirage.Net;

/// <summary>The receiving side of IPv4 without I/O, RFC 791 and RFC 1122 section 3.2: what is for this host, and what
/// is not.</summary>
/// <remarks>Not thread-safe. A packet is valid until the next call.</remarks>
internal sealed class Ipv4Machine(Ipv4Routes routes)
{
    private readonly IpReassembly _reassembly = new();

    public Ipv4Counters Counters { get; } = new();

    /// <summary>Bytes that fragments take.</summary>
    public int FragmentMemory => _reassembly.Memory;

    /// <summary>Datagrams of which fragments wait for others.</summary>
    public int FragmentedCount => _reassembly.Count;

    /// <summary>When <see cref="TryPollExpired"/> has something to do next; null while nothing waits for
    /// time.</summary>
    public long? NextTimeoutNs => _reassembly.NextTimeoutNs;

    /// <summary>A frame's payload has arrived.</summary>
    /// <param name="frame">The packet, and perhaps padding.</param>
    /// <param name="packet">The packet as far as it is understood.</param>
    /// <param name="pointer">With <see cref="Ipv4Verdict.ParameterProblem"/>, the octet that is wrong.</param>
    public Ipv4Verdict HandleInput(in ReceivedFrame frame, out ReceivedPacket packet, out int pointer)
    {
        packet = default;
        pointer = 0;
        Counters.InReceives++;
        if (Ipv4Header.Parse(frame.Bytes, out var header) is not ParseStatus.Ok)
            return Drop(ref Counters.InHdrErrors);
        if (header.TotalLength > frame.Bytes.Length)
            return Drop(ref Counters.InTruncatedPkts);
        if (!InternetChecksum.IsValid(frame.Bytes[..header.HeaderLength]))
            return Drop(ref Counters.InHdrErrors); // RFC 1122 section 3.2.1.2: silently.
        if (routes.IsMartian(header.Source))
        {
            Counters.InMartians++;
            return Drop(ref Counters.InAddrErrors);
        }

        var scope = routes.Classify(header.Destination);
        if ((scope is Ipv4Scope.Foreign && !routes.Takes(header.Destination))
            || (scope is Ipv4Scope.Own or Ipv4Scope.Foreign && frame.IsGroup))
            // RFC 1122 section 3.3.6: unicast in a broadcast frame is a trick or a mistake.
            return Drop(ref Counters.InAddrErrors);

        packet = ToPacket(header, frame, scope);
        switch (Ipv4Options.Check(packet.Header[Ipv4Header.FixedSize..], out var fault))
        {
            case Ipv4OptionsStatus.Malformed:
                pointer = Ipv4Header.FixedSize + fault;
                Counters.InHdrErrors++;
                return Ipv4Verdict.ParameterProblem;
            case Ipv4OptionsStatus.SourceRoute:
                return Drop(ref Counters.InDiscards);
        }

        if (header.IsFragment)
            return Ipv4Verdict.Fragment;
        Counters.InDelivers++;
        return Ipv4Verdict.Deliver;
    }

    /// <summary>The packet that <see cref="HandleInput"/> just gave is a fragment. True when it completes a
    /// datagram.</summary>
    public bool HandleFragment(in ReceivedPacket fragment, long nowNs, out ReceivedPacket whole)
    {
        Counters.ReasmReqds++;
        Ipv4Header.Parse(fragment.Header, out var header);
        var key = new FragmentKey(header.Source, header.Destination, header.Protocol, header.Identification);
        var isLast = !header.HasMoreFragments;
        var verdict = _reassembly.HandleFragment(key, fragment, header.FragmentOffset, isLast, nowNs, out whole);
        Counters.ReasmFails = _reassembly.Failures;
        if (verdict is FragmentVerdict.Malformed)
            Counters.InHdrErrors++;
        if (verdict is not FragmentVerdict.Complete)
            return false;

        Counters.ReasmOKs++;
        Counters.InDelivers++;
        return true;
    }

    /// <inheritdoc cref="IpReassembly.TryPollExpired"/>
    public bool TryPollExpired(long nowNs, out ReceivedPacket first)
    {
        var isPolled = _reassembly.TryPollExpired(nowNs, out first);
        Counters.ReasmFails = _reassembly.Failures;
        return isPolled;
    }

    /// <summary>The layer is disconnected: fragments are given back.</summary>
    public void HandleDisconnect() => _reassembly.Clear();

    // What follows the packet is the link's padding. The device vouches for the transport checksum of whole packets
    // only.
    private static ReceivedPacket ToPacket(scoped in Ipv4Header header, in ReceivedFrame frame, Ipv4Scope scope)
    {
        var payload = frame.Bytes[header.HeaderLength..header.TotalLength];
        return new()
        {
            Source = header.Source,
            Destination = header.Destination,
            Protocol = header.Protocol,
            Ttl = header.Ttl,
            Ecn = (byte)(header.TrafficClass & 3),
            IsBroadcast = scope is Ipv4Scope.Broadcast or Ipv4Scope.Group,
            Header = frame.Bytes[..header.HeaderLength],
            Payload = header.IsFragment
                ? new(payload, isGroup: frame.IsGroup)
                : new(payload, frame.ChecksumValid, frame.SegmentSize, frame.IsGroup),
        };
    }

    private static Ipv4Verdict Drop(ref long counter)
    {
        counter++;
        return Ipv4Verdict.Drop;
    }
}
