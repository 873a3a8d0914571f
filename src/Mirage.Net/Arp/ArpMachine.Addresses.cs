namespace Mirage.Net;

/// <summary>The own addresses: announcing and defending them, RFC 5227 sections 2.3 and 2.4.</summary>
internal sealed partial class ArpMachine
{
    public const int AnnouncementsMax = 2; // ANNOUNCE_NUM
    public const long AnnounceIntervalNs = 2_000_000_000; // ANNOUNCE_INTERVAL
    public const long DefendIntervalNs = 10_000_000_000; // DEFEND_INTERVAL
    public const int ConflictsMax = 16;

    private readonly List<ArpAddress> _own = [];
    private readonly Queue<ArpConflict> _conflicts = [];

    /// <summary>The addresses answered for.</summary>
    public IReadOnlyList<IpAddress> Addresses { get; private set; } = [];

    /// <summary>Requests come from the first address, or, before there is one, from nobody, as an RFC 5227 probe
    /// does.</summary>
    private IpAddress Sender => _own.Count > 0 ? _own[0].Ip : IpAddress.AnyV4;

    /// <summary>The next conflict that somebody should hear of.</summary>
    public bool TryPollConflict(out ArpConflict conflict) => _conflicts.TryDequeue(out conflict);

    /// <summary>Answers for <paramref name="ip"/> and announces it. False when there are <see cref="AddressesMax"/>
    /// already.</summary>
    public bool HandleAddAddress(IpAddress ip, long nowNs)
    {
        if (IsOwn(ip))
            return true;
        if (_own.Count >= AddressesMax)
            return false;
        if (_table.TryGet(ip, out var entry)) // What a neighbour said of the address that is ours now no longer counts.
            Forget(entry);
        _own.Add(new(ip) { Announcements = AnnouncementsMax, AnnounceDueNs = nowNs });
        Addresses = [.. _own.Select(own => own.Ip)];
        Announce(nowNs);
        return true;
    }

    /// <summary>Answers for <paramref name="ip"/> no longer.</summary>
    public void HandleRemoveAddress(IpAddress ip)
    {
        if (_own.RemoveAll(own => own.Ip == ip) > 0)
            Addresses = [.. _own.Select(own => own.Ip)];
    }

    private void Announce(long nowNs)
    {
        foreach (var own in _own)
        {
            if (own.Announcements == 0)
                continue;
            if (own.AnnounceDueNs <= nowNs)
            {
                own.Announcements--;
                own.AnnounceDueNs = nowNs + AnnounceIntervalNs;
                EnqueueAnnouncement(own.Ip);
            }

            if (own.Announcements > 0)
                Rearm(own.AnnounceDueNs);
        }
    }

    // RFC 5227 section 2.4 (c): a host that keeps its address come what may announces it once, then stays silent for an
    // interval, so that two such hosts do not answer each other for ever.
    private void HandleConflict(ArpAddress own, in ArpPacket packet, long nowNs)
    {
        Counters.Conflicts++;
        if (own.DefendedUntilNs is { } until && nowNs < until)
            return;
        own.DefendedUntilNs = nowNs + DefendIntervalNs;
        EnqueueAnnouncement(own.Ip);
        Report(new(own.Ip, mac, packet.SenderMac));
    }

    private void EnqueueAnnouncement(IpAddress ip) =>
        _transmits.Enqueue(new(MacAddress.Broadcast, new(ArpOperation.Request, mac, ip, default, ip)));

    private void Report(in ArpConflict conflict)
    {
        if (_conflicts.Count < ConflictsMax)
            _conflicts.Enqueue(conflict);
    }

    private void Forget(ArpEntry entry)
    {
        _table.Remove(entry);
        if (entry.State is not ArpState.Incomplete)
            return;
        _resolving--;
        _answers.Enqueue(new(entry.Ip, mac));
    }

    private bool IsOwn(IpAddress ip) => FindOwn(ip) is not null;

    private ArpAddress? FindOwn(IpAddress ip)
    {
        foreach (var own in _own)
        {
            if (own.Ip == ip)
                return own;
        }

        return null;
    }
}
