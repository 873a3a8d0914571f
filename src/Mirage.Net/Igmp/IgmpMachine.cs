using System.Buffers.Binary;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The groups of a host and what it tells routers of them, without I/O:
/// <see href="https://www.rfc-editor.org/rfc/rfc9776">RFC 9776</see>, and RFC 2236 or RFC 1112 as long as an older
/// querier is there.</summary>
/// <remarks>After each Handle*, drain <see cref="TryPollReport"/> and re-arm a timer at <see cref="NextTimeoutNs"/>.
/// A group is answered for at most once in <see cref="ReportGapNs"/>, however often somebody asks.</remarks>
/// <param name="seed">Entropy: hosts must not all answer at once.</param>
/// <param name="recordsMax">Records that fit one report.</param>
internal sealed class IgmpMachine(ulong seed, int recordsMax)
{
    /// <summary>Groups at a time.</summary>
    public const int GroupsMax = 256;

    /// <summary>The shortest time between two answers for a group.</summary>
    public const long ReportGapNs = SecondNs / 2;

    /// <summary>Every host is in this group, and none reports it.</summary>
    public static readonly IpAddress AllSystems = IpAddress.FromV4(0xE000_0001);

    private const long SecondNs = 1_000_000_000;
    private const int RobustnessDefault = 2; // RFC 9776 section 8.1.
    private const long IntervalDefaultNs = 125 * SecondNs; // Section 8.2.
    private const long ResponseDefaultNs = 10 * SecondNs; // Section 8.3.
    private const long UnsolicitedV3Ns = SecondNs, UnsolicitedV2Ns = 10 * SecondNs; // Section 8.11; RFC 2236 section 8.
    private static readonly IpAddress s_allRouters = IpAddress.FromV4(0xE000_0002);
    private static readonly IpAddress s_reports = IpAddress.FromV4(0xE000_0016); // 224.0.0.22, section 4.2.14.

    private readonly Dictionary<IpAddress, IgmpMembership> _memberships = [];
    private ulong _state = seed | 1; // xorshift does not leave zero.
    private int _robustness = RobustnessDefault;
    private long _intervalNs = IntervalDefaultNs;
    private long _generalDueNs = IgmpMembership.Never;
    private long _v1UntilNs = long.MinValue, _v2UntilNs = long.MinValue;

    public IgmpCounters Counters { get; } = new();

    /// <summary>The version that is spoken.</summary>
    public IgmpVersion Version { get; private set; } = IgmpVersion.V3;

    /// <summary>Groups that are joined, or whose leaving is being told.</summary>
    public int Count => _memberships.Count;

    /// <summary>When <see cref="TryPollReport"/> has something to say; null while nothing waits for time.</summary>
    public long? NextTimeoutNs
    {
        get
        {
            var nextNs = _generalDueNs;
            foreach (var membership in _memberships.Values)
                nextNs = Math.Min(nextNs, membership.NextNs);
            return nextNs == IgmpMembership.Never ? null : nextNs;
        }
    }

    /// <summary>Somebody joins a group, perhaps not the first one.</summary>
    /// <returns>False when it would be one group too many.</returns>
    public bool HandleJoin(IpAddress group, long nowNs)
    {
        Debug.Assert(group.IsV4 && group.IsMulticast, "Only a group can be joined.");
        Update(nowNs);
        if (!_memberships.TryGetValue(group, out var membership))
        {
            if (_memberships.Count >= GroupsMax && !TryForget())
                return false;
            _memberships.Add(group, membership = new(group));
        }

        if (membership.Joins++ == 0 && group != AllSystems)
            membership.HandleChange(Version is IgmpVersion.V3 ? _robustness : RobustnessDefault, nowNs);
        return true;
    }

    /// <summary>One of those who joined a group leaves it.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool HandleLeave(IpAddress group, long nowNs)
    {
        Update(nowNs);
        if (!_memberships.TryGetValue(group, out var membership) || membership.Joins == 0 || --membership.Joins > 0)
            return false;
        membership.Cancel();
        // RFC 2236 section 3: who was not the last to report it need not say anything; RFC 1112 has no such message.
        var isTold = Version is IgmpVersion.V3 || (Version is IgmpVersion.V2 && membership.IsReporter);
        if (isTold && group != AllSystems)
            membership.HandleChange(Version is IgmpVersion.V3 ? _robustness : 1, nowNs);
        else
            _memberships.Remove(group);
        return true;
    }

    /// <summary>A packet of IGMP for a group of this host, or for the host.</summary>
    public void HandleMessage(in ReceivedPacket packet, long nowNs)
    {
        Counters.InMsgs++;
        var bytes = packet.Payload.Bytes;
        if (IgmpMessage.Parse(bytes, out var message) is not ParseStatus.Ok || !InternetChecksum.IsValid(bytes))
            Counters.InErrors++;
        else if (packet.Ttl != 1)
            Counters.InForeign++;
        else if (message.Type is IgmpType.ReportV1 or IgmpType.ReportV2)
            HandleReport(IpAddress.FromV4(message.Rest));
        else if (message.Type is not IgmpType.Query)
            return; // Leaves and reports of version 3 concern routers.
        else if (IgmpQuery.Parse(bytes, out var query) is not ParseStatus.Ok)
            Counters.InErrors++;
        else if (query.Version is not IgmpVersion.V1 && !Ipv4Options.HasRouterAlert(packet.Header))
            Counters.InForeign++; // RFC 9776 section 9.1: a router would have passed it on unseen.
        else
            HandleQuery(query, nowNs);
    }

    /// <summary>The next message to send, written to <paramref name="destination"/>, if one is due.</summary>
    public bool TryPollReport(long nowNs, Span<byte> destination, out IgmpTransmit transmit)
    {
        Update(nowNs);
        if (_generalDueNs <= nowNs)
        {
            _generalDueNs = IgmpMembership.Never;
            foreach (var membership in _memberships.Values)
                Schedule(membership, nowNs, nowNs);
        }

        return Version is IgmpVersion.V3
            ? TryPollRecords(nowNs, destination, out transmit)
            : TryPollOne(nowNs, destination, out transmit);
    }

    /// <summary>The layer is disconnected.</summary>
    public void HandleDisconnect()
    {
        _memberships.Clear();
        _generalDueNs = IgmpMembership.Never;
    }

    private void HandleQuery(in IgmpQuery query, long nowNs)
    {
        Counters.InQueries++;
        if (query.Version is IgmpVersion.V3)
        {
            _robustness = query.Robustness == 0 ? RobustnessDefault : query.Robustness;
            _intervalNs = query.IntervalNs == 0 ? IntervalDefaultNs : query.IntervalNs;
        }
        else if (query.Version is IgmpVersion.V1 || query.IsGeneral)
        {
            // Sections 7.2.1 and 8.12: the older version present timeout. Of version 2 only general queries tell.
            var untilNs = nowNs + (_robustness * _intervalNs) + ResponseDefaultNs;
            if (query.Version is IgmpVersion.V1)
                _v1UntilNs = untilNs;
            else
                _v2UntilNs = untilNs;
        }

        Update(nowNs);
        var windowNs = Math.Max(query.ResponseNs, ReportGapNs);
        if (query.IsGeneral && Version is IgmpVersion.V3)
            _generalDueNs = Math.Min(_generalDueNs, nowNs + Below(windowNs)); // Section 5.2, 1 and 2.
        else if (!query.IsGeneral && _memberships.TryGetValue(query.Group, out var asked))
            Schedule(asked, nowNs + Below(windowNs), nowNs);
        else if (query.IsGeneral)
        {
            foreach (var membership in _memberships.Values)
                Schedule(membership, nowNs + Below(windowNs), nowNs);
        }
    }

    // RFC 2236 section 3: one report of a group is enough. Routers of version 3 want to hear each host.
    private void HandleReport(IpAddress group)
    {
        Counters.InReports++;
        if (Version is IgmpVersion.V3 || !_memberships.TryGetValue(group, out var membership) || membership.Joins == 0)
            return;
        membership.Cancel();
        membership.IsReporter = false;
    }

    private static void Schedule(IgmpMembership membership, long dueNs, long nowNs)
    {
        if (membership.Joins == 0 || membership.Group == AllSystems)
            return;
        dueNs = Math.Max(Math.Max(dueNs, nowNs), membership.ReportedNs + ReportGapNs);
        membership.ResponseDueNs = Math.Min(membership.ResponseDueNs, dueNs);
    }

    private bool TryPollRecords(long nowNs, Span<byte> destination, out IgmpTransmit transmit)
    {
        transmit = default;
        var count = 0;
        foreach (var membership in _memberships.Values) // Removing the current one does not disturb it.
        {
            if (membership.NextNs > nowNs)
                continue;
            if (count == recordsMax)
                break;
            var type = membership.ChangeDueNs > nowNs ? IgmpRecordType.IsExclude
                : membership.Joins > 0 ? IgmpRecordType.ToExclude : IgmpRecordType.ToInclude;
            new IgmpRecord(type, membership.Group).Emit(
                destination[(IgmpMessage.FixedSize + (count++ * IgmpRecord.FixedSize))..]);
            Told(membership, UnsolicitedV3Ns, nowNs);
        }

        if (count == 0)
            return false;
        var length = IgmpMessage.FixedSize + (count * IgmpRecord.FixedSize);
        transmit = Finish(new(IgmpType.ReportV3, 0, (uint)count), destination[..length], s_reports);
        return true;
    }

    private bool TryPollOne(long nowNs, Span<byte> destination, out IgmpTransmit transmit)
    {
        transmit = default;
        foreach (var membership in _memberships.Values)
        {
            if (membership.NextNs > nowNs)
                continue;
            var isIn = membership.Joins > 0;
            var type = !isIn ? IgmpType.Leave
                : Version is IgmpVersion.V1 ? IgmpType.ReportV1 : IgmpType.ReportV2;
            Told(membership, UnsolicitedV2Ns, nowNs);
            transmit = Finish(new(type, 0, membership.Group.V4), destination[..IgmpMessage.FixedSize],
                isIn ? membership.Group : s_allRouters);
            return true;
        }

        return false;
    }

    private void Told(IgmpMembership membership, long againNs, long nowNs)
    {
        membership.ReportedNs = nowNs;
        membership.IsReporter = true;
        membership.ResponseDueNs = IgmpMembership.Never; // A change answers what was asked, too.
        if (membership.ChangeDueNs <= nowNs)
            membership.HandleTold(nowNs + Below(againNs));
        if (membership.Joins == 0 && membership.ChangesLeft == 0)
            _memberships.Remove(membership.Group);
    }

    private IgmpTransmit Finish(in IgmpMessage message, Span<byte> image, IpAddress destination)
    {
        message.Emit(image);
        BinaryPrimitives.WriteUInt16BigEndian(
            image[IgmpMessage.ChecksumOffset..], InternetChecksum.Compute(image));
        Counters.OutMsgs++;
        return new(destination, image.Length);
    }

    // RFC 9776 section 7.2.1: a host that changes its version has nothing pending.
    private void Update(long nowNs)
    {
        var version = nowNs < _v1UntilNs ? IgmpVersion.V1 : nowNs < _v2UntilNs ? IgmpVersion.V2 : IgmpVersion.V3;
        if (version == Version)
            return;
        Version = version;
        _generalDueNs = IgmpMembership.Never;
        foreach (var membership in _memberships.Values)
        {
            membership.Cancel();
            if (membership.Joins == 0)
                _memberships.Remove(membership.Group);
        }
    }

    // A group whose leaving is being told makes room for one that is wanted: routers find out by asking.
    private bool TryForget()
    {
        foreach (var membership in _memberships.Values)
        {
            if (membership.Joins == 0)
                return _memberships.Remove(membership.Group);
        }

        return false;
    }

    private long Below(long bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (long)(_state % (ulong)bound);
    }
}
