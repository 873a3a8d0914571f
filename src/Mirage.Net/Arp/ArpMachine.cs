namespace Mirage.Net;

/// <summary>ARP without I/O: packets, commands and time come in as arguments; work comes out of TryPoll*.</summary>
/// <remarks>Not thread-safe. After each Handle* drain every TryPoll* and re-arm a timer at <see cref="NextTimeoutNs"/>.
/// <para>
/// RFC 826 tells how to resolve, RFC 1122 section 2.3.2 when to stop and to forget, RFC 5227 how to announce and
/// defend. What they leave open is answered as RFC 4861 does for IPv6: a claim that nobody asked for is used, but is
/// not taken as proof that the neighbour is there, and is polled by unicast once it is in use.
/// </para></remarks>
internal sealed partial class ArpMachine(MacAddress mac)
{
    public const int ResolvingMax = 128;
    public const int RequestsMax = 3;
    public const int AddressesMax = 64;
    public const long RequestIntervalNs = 1_000_000_000; // RFC 1122 section 2.3.2.1: at most one request a second.
    public const long ReachableNs = 60_000_000_000; // RFC 1122 section 2.3.2.1: 'on the order of a minute'.
    public const long DelayNs = 5_000_000_000; // RFC 4861 section 10, DELAY_FIRST_PROBE_TIME.
    public const long LockNs = 1_000_000_000;

    private readonly ArpTable _table = new();
    private readonly Queue<ArpTransmit> _transmits = [];
    private readonly Queue<ArpAnswer> _answers = [];
    private int _resolving;

    public ArpCounters Counters { get; } = new();

    /// <summary>Neighbours known or asked for.</summary>
    public int Count => _table.Count;

    /// <summary>When <see cref="HandleTimeout"/> is due next; null while nothing waits for time.</summary>
    public long? NextTimeoutNs { get; private set; }

    /// <summary>The next packet to send.</summary>
    public bool TryPollTransmit(out ArpTransmit transmit) => _transmits.TryDequeue(out transmit);

    /// <summary>The next query that has ended.</summary>
    public bool TryPollAnswer(out ArpAnswer answer) => _answers.TryDequeue(out answer);

    /// <summary>A packet is about to be sent to <paramref name="target"/>: gives its link address if it is known, and
    /// counts as use.</summary>
    /// <remarks>It needs no time, because it is called for each packet. <paramref name="isStale"/> says that
    /// <see cref="HandleStale"/> is to be called.</remarks>
    public bool HandleSend(IpAddress target, out MacAddress found, out bool isStale)
    {
        (found, isStale) = (mac, false);
        if (!_table.TryGet(target, out var entry))
            return IsOwn(target);
        if (entry.State is ArpState.Incomplete)
            return false;

        (found, isStale) = (entry.Mac, entry.State is ArpState.Stale);
        entry.IsUsed = true;
        _table.Touch(entry);
        return true;
    }

    /// <summary>Somebody sends to <paramref name="target"/>, whose entry is stale: it will be polled.</summary>
    public void HandleStale(IpAddress target, long nowNs)
    {
        if (!_table.TryGet(target, out var entry) || entry.State is not ArpState.Stale)
            return;
        entry.State = ArpState.Delay;
        Schedule(entry, nowNs + DelayNs);
    }

    /// <summary>Somebody waits for the link address of <paramref name="target"/>.</summary>
    public void HandleQuery(IpAddress target, long nowNs)
    {
        if (HandleSend(target, out var known, out _))
        {
            HandleStale(target, nowNs);
            _answers.Enqueue(new(target, known));
            return;
        }

        if (_table.TryGet(target, out _))
            return; // A request is under way: its answer is for this query too.
        if (_resolving >= ResolvingMax || !_table.TryAddWanted(target, out var entry, out var evicted))
        {
            _answers.Enqueue(new(target, null, IsTableFull: true));
            return;
        }

        Counters.Evictions += evicted ? 1 : 0;
        _resolving++;
        Request(entry, MacAddress.Broadcast, nowNs);
    }

    /// <summary>A well-formed packet has arrived.</summary>
    public void HandleInput(in ArpPacket packet, long nowNs)
    {
        var isRequestToUs = packet.Operation is ArpOperation.Request && IsOwn(packet.TargetIp);
        if (packet.SenderMac.IsGroup || packet.SenderMac == default || packet.SenderMac == mac
            || !CanSend(packet.SenderIp))
        {
            Counters.InDiscards++;
            return;
        }

        if (FindOwn(packet.SenderIp) is { } own)
        {
            HandleConflict(own, packet, nowNs);
            return;
        }

        // RFC 826: update a known sender; learn a new one only when addressed. A reply that nobody asked for teaches
        // nothing.
        if (_table.TryGet(packet.SenderIp, out var entry))
            Update(entry, packet, nowNs);
        else if (isRequestToUs && !packet.SenderIp.IsUnspecified)
            Learn(packet, nowNs);

        // RFC 5227 section 2.1.1: a probe, whose sender has no address yet, is answered and not learned.
        if (isRequestToUs)
            _transmits.Enqueue(new(
                packet.SenderMac, new(ArpOperation.Reply, mac, packet.TargetIp, packet.SenderMac, packet.SenderIp)));
    }

    /// <summary>Time has come to <see cref="NextTimeoutNs"/>.</summary>
    public void HandleTimeout(long nowNs)
    {
        NextTimeoutNs = null;
        foreach (var entry in _table.Entries)
        {
            if (entry.DueNs > nowNs)
                Rearm(entry.DueNs);
            else
                HandleDue(entry, nowNs);
        }

        Announce(nowNs);
    }

    private void HandleDue(ArpEntry entry, long nowNs)
    {
        switch (entry.State)
        {
            case ArpState.Incomplete when entry.Requests < RequestsMax:
                Request(entry, MacAddress.Broadcast, nowNs);
                break;
            case ArpState.Incomplete:
                _resolving--;
                _table.Remove(entry);
                _answers.Enqueue(new(entry.Ip, null));
                break;
            case ArpState.Delay:
            case ArpState.Reachable when entry.IsUsed:
                entry.State = ArpState.Probe; // RFC 1122 section 2.3.2.1 (2): poll by unicast before forgetting.
                entry.Requests = 0;
                Request(entry, entry.Mac, nowNs);
                break;
            case ArpState.Probe when entry.Requests < RequestsMax:
                Request(entry, entry.Mac, nowNs);
                break;
            default:
                _table.Remove(entry);
                break;
        }
    }

    private void Update(ArpEntry entry, in ArpPacket packet, long nowNs)
    {
        var isAnswer = packet.Operation is ArpOperation.Reply && packet.TargetMac == mac && IsOwn(packet.TargetIp)
            && entry.State is ArpState.Incomplete or ArpState.Probe;
        var isMove = entry.State is not ArpState.Incomplete && entry.Mac != packet.SenderMac;
        if (isMove && nowNs < entry.LockedUntilNs)
        {
            Counters.RefusedMoves++; // The first of two answers counts: one claim cannot chase the other.
            return;
        }

        if (isMove)
        {
            Counters.Moves++;
            Report(new(entry.Ip, entry.Mac, packet.SenderMac));
        }

        var wasIncomplete = entry.State is ArpState.Incomplete;
        entry.Mac = packet.SenderMac;
        if (isAnswer)
            Confirm(entry, nowNs);
        // RFC 5227 section 3: believed at once, but not taken as proof of being there.
        else if (wasIncomplete || isMove)
            Doubt(entry, nowNs);
        if (wasIncomplete)
        {
            _resolving--;
            _answers.Enqueue(new(entry.Ip, entry.Mac));
        }
    }

    private void Learn(in ArpPacket packet, long nowNs)
    {
        if (!_table.TryAddLearned(packet.SenderIp, out var entry, out var evicted))
            return;
        Counters.Evictions += evicted ? 1 : 0;
        entry.Mac = packet.SenderMac;
        Doubt(entry, nowNs);
    }

    private void Confirm(ArpEntry entry, long nowNs)
    {
        entry.State = ArpState.Reachable;
        entry.IsUsed = false;
        entry.LockedUntilNs = nowNs + LockNs;
        Schedule(entry, nowNs + ReachableNs);
    }

    private void Doubt(ArpEntry entry, long nowNs)
    {
        entry.State = ArpState.Stale;
        entry.LockedUntilNs = nowNs + LockNs;
        Schedule(entry, nowNs + ReachableNs);
    }

    private void Request(ArpEntry entry, MacAddress destination, long nowNs)
    {
        entry.Requests++;
        _transmits.Enqueue(new(destination, new(ArpOperation.Request, mac, Sender, default, entry.Ip)));
        Schedule(entry, nowNs + RequestIntervalNs);
    }

    private void Schedule(ArpEntry entry, long dueNs)
    {
        entry.DueNs = dueNs;
        Rearm(dueNs);
    }

    private void Rearm(long dueNs) => NextTimeoutNs = Math.Min(NextTimeoutNs ?? long.MaxValue, dueNs);

    // RFC 1122 section 3.2.1.3: multicast, reserved, broadcast and loopback addresses are nobody's own.
    private static bool CanSend(IpAddress ip) => ip.V4 >> 28 < 0xE && !ip.IsLoopback;
}
